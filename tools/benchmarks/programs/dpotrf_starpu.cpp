// dpotrf_starpu N WORKERS TILE: seconds of one Cholesky factorisation by StarPU with lambdapack's
// kernels, the best that we know, and its residual. N = 0 only tells that it is there.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "samples.hpp"
#include "spd_matrix.hpp"
#include "starpu_cholesky.hpp"
#include "tiled.hpp"

namespace {

constexpr std::int64_t warm_up_order = 1024;

using Tile = lp::tile::Dense<double>;

Tile& tile(void* buffer) { return *reinterpret_cast<Tile*>(STARPU_VARIABLE_GET_PTR(buffer)); }

void potrf(void* buffers[], void*) {
  lp::kernel::potrf<double>(lp::inout<double>(&tile(buffers[0])));
}
void trsm(void* buffers[], void*) {
  lp::kernel::trsm<double>(lp::in<double>(&tile(buffers[0])), lp::inout<double>(&tile(buffers[1])));
}
void syrk(void* buffers[], void*) {
  lp::kernel::syrk<double>(lp::inout<double>(&tile(buffers[2])), lp::in<double>(&tile(buffers[0])),
                           lp::in<double>(&tile(buffers[1])));
}

double factor(lp::TiledMatrix<double>& A) {
  bench::StarpuKernels kernels{bench::codelet(potrf, 0), bench::codelet(trsm, 1),
                               bench::codelet(syrk, 2)};
  bench::StarpuTiles tiles(A.extents()[0], sizeof(Tile),
                           [&](std::int64_t i, std::int64_t j) { return &A.tile(i, j); });
  return bench::seconds([&] { tiles.cholesky(kernels); });
}

lp::TiledMatrix<double> spd_matrix(std::int64_t n, std::int64_t tile) {
  return bench::tiled(n, tile,
                      [&](std::int64_t i, std::int64_t j) { return bench::spd_element(i, j, n); });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return EXIT_FAILURE;
  const std::int64_t n = std::atoll(argv[1]);
  const bench::Starpu starpu(std::atoi(argv[2]));
  const std::int64_t tile = std::atoll(argv[3]);

  auto warm_up = spd_matrix(std::min(n, warm_up_order), tile);
  factor(warm_up);

  auto A = spd_matrix(n, tile);
  const double time = factor(A);
  const auto l = A.to_dense();
  bench::print_samples({time},
                       ", \"residual\": " + std::to_string(bench::cholesky_residual(n, l.data())));
}
