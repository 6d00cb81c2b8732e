// dgemm N WORKERS TILE: seconds of one product of n x n matrices by lambdapack, and its residual.
// The analysis is done before: it is the same for all sizes.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include <lambdapack/algorithm/gemm.hpp>

#include "general_matrix.hpp"
#include "samples.hpp"
#include "tiled.hpp"

namespace {

constexpr std::int64_t warm_up_order = 1024;

lp::TiledMatrix<double> general_matrix(std::int64_t which, std::int64_t n, std::int64_t tile) {
  return bench::tiled(n, tile, [&](std::int64_t i, std::int64_t j) {
    return bench::general_element(which, i, j, n);
  });
}

double seconds_of_product(std::int64_t n, std::int64_t tile, const lp::threads& workers,
                          lp::TiledMatrix<double>& C) {
  const auto A = general_matrix(0, n, tile), B = general_matrix(1, n, tile);
  C = lp::TiledMatrix<double>(n, n, tile);
  return bench::seconds([&] { lp::gemm(A, B, C, {}, workers); });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return EXIT_FAILURE;
  const std::int64_t n = std::atoll(argv[1]);
  const lp::threads workers{std::atoi(argv[2])};
  const std::int64_t tile = std::atoll(argv[3]);

  lp::TiledMatrix<double> C;
  seconds_of_product(std::min(n, warm_up_order), tile, workers, C);
  const double time = seconds_of_product(n, tile, workers, C);
  const lp::tile::Dense<double> result = C.to_dense();
  const auto element = [&](std::size_t i, std::size_t j) {
    return result(static_cast<std::int64_t>(i), static_cast<std::int64_t>(j));
  };
  bench::print_samples({time},
                       ", \"residual\": " + std::to_string(bench::gemm_residual(n, element)));
}
