// The tile kernels of the BLAS and LAPACK that this program is linked with. One thread is what the
// environment has to say.
#include "kernels.hpp"

#include <vector>

#include "lapack.hpp"

namespace {

constexpr double one = 1, minus_one = -1;

struct Lapack {
  using Tile = std::vector<double>;
  using Size = std::int64_t;

  static Tile make(Size n) { return Tile(static_cast<std::size_t>(n * n)); }
  static void gemm(Size size, Tile& c, const Tile& a, const Tile& b) {
    const int n = static_cast<int>(size);
    dgemm_("N", "N", &n, &n, &n, &one, a.data(), &n, b.data(), &n, &one, c.data(), &n, 1, 1);
  }
  static void syrk(Size size, Tile& c, const Tile& a) {
    const int n = static_cast<int>(size);
    dsyrk_("L", "N", &n, &n, &minus_one, a.data(), &n, &one, c.data(), &n, 1, 1);
  }
  static void trsm(Size size, const Tile& l, Tile& b) {
    const int n = static_cast<int>(size);
    dtrsm_("R", "L", "T", "N", &n, &n, &one, l.data(), &n, b.data(), &n, 1, 1, 1, 1);
  }
  static void potrf(Size size, Tile& a) {
    const int n = static_cast<int>(size);
    int info = 0;
    dpotrf_("L", &n, a.data(), &n, &info, 1);
  }
};

}  // namespace

int main(int argc, char** argv) { return bench::run_kernels<Lapack>(argc, argv); }
