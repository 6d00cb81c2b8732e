// Products with a triangular matrix.
#pragma once

#include "lambdapack/algorithm/detail/shape.hpp"
#include "lambdapack/kernel/symmetric.hpp"
#include "lambdapack/lambdapack.hpp"

namespace lambdapack {

namespace algorithm {

/// B := alpha op(A) B, or alpha B op(A), A triangular. Rows (or columns) of tiles of B are made
/// from the last on, in the order in which each goes into those behind it. Source: ?trmm.
template <Scalar T>
void trmm(In<T, 2> A, InOut<T, 2> B, kernel::Trmm<T> how) {
  const auto multiply = make_kernel(
      "trmm", [how](inout<T> b, in<T> a) { how.multiply(b, a); }, "",
      kernel::operations::trsm_step);
  const auto add = make_kernel(
      "gemm", [how](inout<T> b, in<T> a, in<T> x) { how.add(b, a, x); }, "",
      kernel::operations::gemm);
  const bool left = how.side == Side::left, turned = left != (how.op == Op::none);
  const auto n = A.extent(0);
  const auto at = [&](Expr k) { return how.forward() ? k : n - 1 - k; };
  const auto a = [&](Expr i, Expr k) { return turned ? A(at(k), at(i)) : A(at(i), at(k)); };
  const auto b = [&](Expr k, Expr j) { return left ? B(at(k), j) : B(j, at(k)); };

  for (auto i : range(n - 1, -1, -1))
    for (auto j : range(B.extent(left ? 1 : 0))) {
      b(i, j) = multiply(b(i, j), a(i, i));
      for (auto k : range(i)) b(i, j) += add(a(i, k), b(k, j));
    }
}

}  // namespace algorithm

/// B := alpha op(A) B (left) or alpha B op(A) (right), A triangular: `lp::trmm(A, B, {.part =
/// lp::Part::upper})`; without options A is lower triangular and on the left. A is square, in
/// square tiles; B is cut like A where they meet. The other triangle of A is not read. Throws
/// input_error if the shapes do not fit. Source: ?trmm.
template <algorithm::detail::Matrix MA, algorithm::detail::Matrix MB, Executor E = threads>
exec::Report trmm(MA&& A, MB&& B, kernel::Trmm<algorithm::detail::scalar_of<MB>> how = {},
                  const E& executor = {}) {
  using namespace algorithm::detail;
  detail::before_run(executor, [&] {
    const Operand a = operand("A", A), b = operand("B", B);
    require_square("trmm", a);
    if (how.side == Side::left)
      require_fit(a.rows().fits(b.rows()), "trmm", a, b, "B must have as many rows as A");
    else
      require_fit(a.rows().fits(b.cols()), "trmm", a, b,
                  "B must have as many columns as A has rows");
  });
  return run(executor, algorithm::trmm<element_of_t<MB>>, A, B, how);
}

}  // namespace lambdapack
