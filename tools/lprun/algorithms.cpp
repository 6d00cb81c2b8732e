#include <iterator>

#include "command.hpp"

namespace lprun {

std::span<const Algorithm> algorithms() {
  static constexpr Algorithm all[] = {
      {"cholesky", "A = L L^H; writes L", "A", "lprun cholesky A.npy -o L.npy", 1, run_cholesky},
      {"gemm", "C = A B; writes C", "A B", "lprun gemm A.zarr B.zarr -o C.zarr", 2, run_gemm},
  };
  return all;
}

}  // namespace lprun
