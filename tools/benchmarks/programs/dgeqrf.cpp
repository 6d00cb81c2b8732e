// dgeqrf N WORKERS TILE INNER: seconds of one QR factorisation by lambdapack, and its residual. The
// analysis is done before: it is the same for all sizes.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

#include <lambdapack/algorithm/qr_programs.hpp>
#include <lambdapack/lambdapack.hpp>

#include "random_matrix.hpp"
#include "samples.hpp"

namespace {

constexpr std::int64_t warm_up_order = 1024;

/// A matrix and room for the triangular factors of its reflections.
struct Problem {
  lp::TiledMatrix<double> A, F;

  Problem(std::int64_t n, std::int64_t tile, std::int64_t inner)
      : A(lp::TiledMatrix<double>::from(bench::random_matrix(n).data(), n, n, n, tile)),
        F(A.extents()[0] * (inner + 1), n, inner + 1, tile) {}

  void factor(const lp::threads& workers) {
    lp::run(workers, lp::algorithm::qr_flat<double>, A, F);
  }
};

double residual(Problem& factored, const lp::threads& workers, std::int64_t n) {
  const auto y = bench::r_times_signs(
      n, [&](std::int64_t i, std::int64_t j) { return std::as_const(factored.A)(i, j); });
  auto Y = lp::TiledMatrix<double>::from(y.data(), n, bench::signs_columns, n,
                                         factored.A.tile_rows(), bench::signs_columns);
  lp::run(workers, lp::algorithm::apply_q_flat<double>, factored.A, factored.F, Y, false);
  std::vector<double> qy(y.size());
  Y.copy_to(qy.data(), n);
  return bench::qr_residual(n, qy);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return EXIT_FAILURE;
  const std::int64_t n = std::atoll(argv[1]);
  const lp::threads workers{std::atoi(argv[2])};
  const std::int64_t tile = std::atoll(argv[3]), inner = std::atoll(argv[4]);

  Problem(std::min(n, warm_up_order), tile, inner).factor(workers);

  Problem problem(n, tile, inner);
  const double time = bench::seconds([&] { problem.factor(workers); });
  bench::print_samples({time}, ", \"residual\": " + std::to_string(residual(problem, workers, n)));
}
