// dgetrf N WORKERS TILE: seconds of one LU factorisation with partial pivoting by lambdapack, and
// its residual. The analysis is done before: it is the same for all sizes.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include <lambdapack/algorithm/lu.hpp>

#include "general_matrix.hpp"
#include "samples.hpp"
#include "tiled.hpp"

namespace {

constexpr std::int64_t warm_up_order = 1024;

lp::TiledMatrix<double> general_matrix(std::int64_t n, std::int64_t tile) {
  return bench::tiled(
      n, tile, [&](std::int64_t i, std::int64_t j) { return bench::general_element(0, i, j, n); });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return EXIT_FAILURE;
  const std::int64_t n = std::atoll(argv[1]);
  const lp::threads workers{std::atoi(argv[2])};
  const std::int64_t tile = std::atoll(argv[3]);

  auto warm_up = general_matrix(std::min(n, warm_up_order), tile);
  lp::lu(warm_up, workers);

  auto A = general_matrix(n, tile);
  lp::Lu lu;
  const double time = bench::seconds([&] { lu = lp::lu(A, workers); });
  const lp::tile::Dense<double> factors = A.to_dense();
  const auto element = [&](std::size_t i, std::size_t j) {
    return factors(static_cast<std::int64_t>(i), static_cast<std::int64_t>(j));
  };
  bench::print_samples(
      {time}, ", \"residual\": " + std::to_string(bench::lu_residual(n, element, lu.pivots)));
}
