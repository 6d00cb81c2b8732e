// lambdapack's tile kernels, on one thread.
#include "kernels.hpp"

#include <lambdapack/kernel/kernel.hpp>

namespace {

struct Lambdapack {
  using Tile = lambdapack::tile::Dense<double>;
  using Size = std::int64_t;
  using In = lambdapack::in<double>;
  using InOut = lambdapack::inout<double>;

  static Tile make(Size n) { return {n, n}; }
  static void gemm(Size, Tile& c, const Tile& a, const Tile& b) {
    lambdapack::kernel::gemm<double>(InOut(&c), In(&a), In(&b));
  }
  static void syrk(Size, Tile& c, const Tile& a) {
    lambdapack::kernel::syrk<double>(InOut(&c), In(&a), In(&a));
  }
  static void trsm(Size, const Tile& l, Tile& b) {
    lambdapack::kernel::trsm<double>(In(&l), InOut(&b));
  }
  static void potrf(Size, Tile& a) { lambdapack::kernel::potrf<double>(InOut(&a)); }
};

}  // namespace

int main(int argc, char** argv) { return bench::run_kernels<Lambdapack>(argc, argv); }
