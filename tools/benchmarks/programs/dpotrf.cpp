// dpotrf N WORKERS TILE: seconds of one Cholesky factorisation by lambdapack, and its residual. The
// analysis is done before: it is the same for all sizes, and has a case of its own.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "cholesky.hpp"
#include "samples.hpp"
#include "spd_matrix.hpp"
#include "tiled.hpp"

namespace {

constexpr std::int64_t warm_up_order = 1024;

lp::TiledMatrix<double> spd_matrix(std::int64_t n, std::int64_t tile) {
  return bench::tiled(n, tile,
                      [&](std::int64_t i, std::int64_t j) { return bench::spd_element(i, j, n); });
}

double residual(const lp::TiledMatrix<double>& A, std::int64_t n) {
  std::vector<double> l(static_cast<std::size_t>(n * n));
  for (std::int64_t j = 0; j < n; ++j)
    for (std::int64_t i = j; i < n; ++i) l[static_cast<std::size_t>(i + j * n)] = A(i, j);
  return bench::cholesky_residual(n, l.data());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return EXIT_FAILURE;
  const std::int64_t n = std::atoll(argv[1]);
  const lp::threads workers{std::atoi(argv[2])};
  const std::int64_t tile = std::atoll(argv[3]);

  auto warm_up = spd_matrix(std::min(n, warm_up_order), tile);
  lp::run(workers, bench::cholesky, warm_up);

  auto A = spd_matrix(n, tile);
  const double time = bench::seconds([&] { lp::run(workers, bench::cholesky, A); });
  bench::print_samples({time}, ", \"residual\": " + std::to_string(residual(A, n)));
}
