// tile += kernel(...).
#include <catch2/catch.hpp>

#include "dsl/support.hpp"

namespace reduction_test {

using namespace dsl_test;  // NOLINT: the vocabulary of these tests

namespace reduction_test {

const auto weighted = lp::make_kernel(
    "weighted", [](lp::inout<double>, double, lp::in_list<double>, lp::in<double>) {});
const auto bump = lp::make_kernel("bump", [](lp::inout<double>) {});

void product(lp::In<double, 2> A, lp::In<double, 2> B, lp::InOut<double, 2> C) {
  for (auto i : lp::range(C.extent(0)))
    for (auto j : lp::range(C.extent(1)))
      for (auto k : lp::range(A.extent(1))) C(i, j) += gemm(A(i, k), B(k, j));
}

void words(lp::In<float, 2> A, lp::Out<float, 2> C) {
  C(0, 0) += syrk(A(0, 0), A(0, 1));
  C(0, 0) += gemm_sub(A(0, 0), A(0, 1));
  C(0, 0) += gemm_sub_adjoint(A(0, 0), A(0, 1));
  C(0, 0) += add(A(0, 0));
}

void own(lp::InOut<double, 1> x) {
  auto S = lp::temp<double, 0>("S", lp::zero);
  S() += weighted(0.5, x(lp::range(3)), x(0));
  S() += bump();
}

}  // namespace reduction_test

using namespace reduction_test;  // NOLINT: named, since clang hides unnamed ones

TEST_CASE("a product of matrices is a reduction") {
  const lp::Traced traced = lp::trace(product);
  CHECK(text(traced) ==
        "product(in A: float64[A.extent(0), A.extent(1)], in B: float64[B.extent(0), B.extent(1)], "
        "inout C: float64[C.extent(0), C.extent(1)])\n"
        "  for i in range(0, C.extent(0))\n"
        "    for j in range(0, C.extent(1))\n"
        "      for k in range(0, A.extent(1))\n"
        "        C(i, j) += gemm(A(i, k), B(k, j))\n");
  const lp::ir::Statement& statement = traced.program.statements[0];
  CHECK(statement.reduction);
  REQUIRE(statement.reads.size() == 3);
  CHECK(statement.reads[0] == statement.writes[0]);
}

TEST_CASE("it differs from the same kernel with its first tile named by the mark alone") {
  const auto named = [](lp::In<double, 2> A, lp::In<double, 2> B, lp::InOut<double, 2> C) {
    for (auto i : lp::range(C.extent(0)))
      for (auto j : lp::range(C.extent(1)))
        for (auto k : lp::range(A.extent(1))) C(i, j) = gemm(C(i, j), A(i, k), B(k, j));
  };
  lp::ir::Program reduction = placeless(lp::trace(product).program);
  const lp::ir::Program plain = placeless(lp::trace(named).program);
  CHECK(reduction != plain);
  reduction.statements[0].reduction = false;
  reduction.name = plain.name;
  CHECK(reduction == plain);
}

TEST_CASE("the library's kernels that add or subtract can be left their first tile") {
  CHECK(text(lp::trace(words)) ==
        "words(in A: float32[A.extent(0), A.extent(1)], out C: float32[C.extent(0), "
        "C.extent(1)])\n"
        "  C(0, 0) += syrk(A(0, 0), A(0, 1))\n"
        "  C(0, 0) += gemm_sub(A(0, 0), A(0, 1))\n"
        "  C(0, 0) += gemm_sub_adjoint(A(0, 0), A(0, 1))\n"
        "  C(0, 0) += add(A(0, 0))\n");
}

TEST_CASE("so can kernels of one's own, with scalars and runs") {
  CHECK(text(lp::trace(own)) ==
        "own(inout x: float64[x.extent(0)])\n"
        "  temp S: float64[] unwritten zero\n"
        "  S() += weighted(0.5, x(range(0, 3)), x(0))\n"
        "  S() += bump()\n");
}

}  // namespace reduction_test
