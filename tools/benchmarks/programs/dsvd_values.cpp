// dsvd_values N WORKERS: seconds of the singular values of one matrix by lambdapack, and how far
// their norm is from the matrix's. The analysis is done before: it is the same for all sizes.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include <lambdapack/algorithm/svd.hpp>

#include "random_matrix.hpp"
#include "samples.hpp"

namespace {

constexpr std::int64_t warm_up_order = 256, tile = 256;

lp::TiledMatrix<double> matrix(std::int64_t n) {
  return lp::TiledMatrix<double>::from(bench::random_matrix(n).data(), n, n, n, tile);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return EXIT_FAILURE;
  const std::int64_t n = std::atoll(argv[1]);
  const lp::threads workers{std::atoi(argv[2])};
  lp::singular_values(matrix(std::min(n, warm_up_order)), workers);

  const auto A = matrix(n);
  std::vector<double> values;
  const double time = bench::seconds([&] { values = lp::singular_values(A, workers); });
  bench::print_samples({time},
                       ", \"residual\": " + std::to_string(bench::values_residual(n, values)));
}
