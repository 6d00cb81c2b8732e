// Triangular systems.
#pragma once

#include "lambdapack/algorithm/detail/shape.hpp"
#include "lambdapack/kernel/level3.hpp"
#include "lambdapack/lambdapack.hpp"

namespace lambdapack {

namespace algorithm {

/// op(A) X = alpha B, or X op(A) = alpha B, A triangular: B becomes X. Rows (or columns) of tiles
/// of X are found in the order in which they can be, `b(k, j)` is one of step k. Source: ?trsm.
template <Scalar T>
void trsm(In<T, 2> A, InOut<T, 2> B, kernel::Trsm<T> how) {
  const auto solve = make_kernel(
      "trsm", [how](inout<T> b, in<T> a, std::int64_t k) { how.solve(b, a, k); }, "",
      kernel::operations::trsm_step);
  const auto subtract = make_kernel(
      "gemm", [how](inout<T> b, in<T> a, in<T> x, std::int64_t k) { how.subtract(b, a, x, k); }, "",
      kernel::operations::gemm);
  const bool left = how.side == Side::left, turned = left != (how.op == Op::none);
  const auto n = A.extent(0);
  const auto at = [&](Expr k) { return how.forward() ? k : n - 1 - k; };
  const auto a = [&](Expr i, Expr k) { return turned ? A(at(k), at(i)) : A(at(i), at(k)); };
  const auto b = [&](Expr k, Expr j) { return left ? B(at(k), j) : B(j, at(k)); };

  for (auto k : range(n))
    for (auto j : range(B.extent(left ? 1 : 0))) {
      b(k, j) = solve(b(k, j), a(k, k), k);
      for (auto i : range(k + 1, n)) b(i, j) = subtract(b(i, j), a(i, k), b(k, j), k);
    }
}

}  // namespace algorithm

/// X of op(A) X = alpha B (left) or X op(A) = alpha B (right), A triangular, overwrites B:
/// `lp::trsm(A, B, {.part = lp::Part::upper, .diagonal = lp::Diagonal::unit})`; without options A
/// is lower triangular and on the left. A is square, in square tiles; B is cut like A where they
/// meet. The other triangle of A is not read. A zero on the diagonal makes infinities, as in BLAS.
/// Throws input_error if the shapes do not fit. Source: ?trsm.
template <algorithm::detail::Matrix MA, algorithm::detail::Matrix MB, Executor E = threads>
exec::Report trsm(MA&& A, MB&& B, kernel::Trsm<algorithm::detail::scalar_of<MB>> how = {},
                  const E& executor = {}) {
  using namespace algorithm::detail;
  detail::before_run(executor, [&] {
    const Operand a = operand("A", A), b = operand("B", B);
    require_square("trsm", a);
    if (how.side == Side::left)
      require_fit(a.rows().fits(b.rows()), "trsm", a, b, "B must have as many rows as A");
    else
      require_fit(a.rows().fits(b.cols()), "trsm", a, b,
                  "B must have as many columns as A has rows");
  });
  return run(executor, algorithm::trsm<element_of_t<MB>>, A, B, how);
}

}  // namespace lambdapack
