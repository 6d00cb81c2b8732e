// The counts of the library's kernels against formulas of LAPACK Working Note 41.
#include <catch2/catch.hpp>
#include <complex>
#include <string>

#include "lambdapack/kernel/operations.hpp"
#include "lambdapack/lambdapack.hpp"

namespace operations_test {

namespace lp = lambdapack;
namespace operations = lp::kernel::operations;

TEMPLATE_TEST_CASE("operations are those of LAPACK, fourfold for complex numbers", "", float,
                   double, std::complex<float>, std::complex<double>) {
  using T = TestType;
  const double one = std::is_same_v<T, lp::real_t<T>> ? 1 : 4;
  using Dense = lp::tile::Dense<T>;
  Dense mn(9, 6), nm(6, 9), nn(6, 6), mm(9, 9), mk(9, 4), kn(4, 6), km(4, 9), empty;
  const lp::in<T> A(&mk), B(&kn), N(&nn), V(&mn), none(&empty);
  const lp::inout<T> C(&mn), D(&nn), W(&nm);
  const lp::out<T> t(&nn);
  CHECK(operations::potrf(D) == Approx(one * 72));
  CHECK(operations::trsm(N, C) == one * 9 * 36);
  CHECK(operations::gemm(C, A, B) == one * 2 * 9 * 6 * 4);
  CHECK(operations::gemm(C, lp::in<T>(&km), B) == one * 2 * 9 * 6 * 4);
  CHECK(operations::gemm(C, none, B) == 0);
  CHECK(operations::gemm(C, A, none) == 0);
  CHECK(operations::syrk(lp::inout<T>(&mm), A, A) == one * 9 * 10 * 4);
  Dense other(9, 4);
  CHECK(operations::syrk(lp::inout<T>(&mm), A, lp::in<T>(&other)) == one * 2 * 81 * 4);
  CHECK(operations::geqrt(C, t) == Approx(one * (2 * 9 * 36 - 2 * 216 / 3.0)));
  CHECK(operations::gelqt(W, t) == Approx(one * (2 * 9 * 36 - 2 * 216 / 3.0)));
  CHECK(operations::tsqrt(D, C, t) == one * 2 * 9 * 36);
  CHECK(operations::tslqt(D, W, t) == one * 2 * 9 * 36);
  CHECK(operations::ttqrt(D, D, D) == Approx(one * 2 * 216 / 3.0));
  CHECK(operations::unmqr(V, N, C) == one * (4 * 9 * 6 * 6 - 2 * 6 * 36));
  CHECK(operations::tsmqr(V, N, D, C) == one * 4 * 9 * 6 * 6);
  CHECK(operations::ttmqr(V, N, D, C) == one * 4 * 21 * 6);
  CHECK(operations::solve_r(N, D) == one * 216);
  CHECK(operations::solve_l(N, D) == one * 216);
  CHECK(operations::gram(t, A, A) == one * 9 * 5 * 4);
  CHECK(operations::gram(t, A, V) == one * 2 * 9 * 6 * 4);
  CHECK(operations::herfb(V, N, lp::inout<T>(&mm)) == one * (4 * 9 * 6 * 9 - 2 * 9 * 36));
  CHECK(operations::tsmqr_hetra(V, N, D, C) == one * 4 * 9 * 6 * 6);
  CHECK(operations::tsmqr_corner(V, N, D, C, lp::inout<T>(&mm)) == one * 4 * 9 * 6 * 15);
}

TEST_CASE("a kernel's count is asked with the arguments of the call") {
  const auto scale = lp::make_kernel(
      "scale", [](lp::inout<double>, double) {}, "",
      [](lp::inout<double> a, double by) { return by * static_cast<double>(a.rows()); });
  lp::tile::Dense<double> tile(7, 2);
  lp::kernel::Slot slots[2];
  slots[0].write = &tile;
  slots[1].scalar.real = 3;
  REQUIRE(scale.function().operations);
  CHECK(scale.function().operations(slots) == 21);
  CHECK_FALSE(lp::make_kernel("none", [](lp::inout<double>) {}).function().operations);
}

}  // namespace operations_test
