// Products of matrices.
#pragma once

#include "lambdapack/algorithm/detail/shape.hpp"
#include "lambdapack/kernel/level3.hpp"
#include "lambdapack/lambdapack.hpp"

namespace lambdapack {

namespace algorithm {

/// C := alpha op(A) op(B) + beta C, each tile of C by a chain of products. Source: ?gemm.
template <Scalar T>
void gemm(In<T, 2> A, In<T, 2> B, InOut<T, 2> C, kernel::Gemm<T> how) {
  const auto start = make_kernel("gemm", how);
  const auto next = make_kernel("gemm", how.added());
  const auto scale = make_kernel("scale", [how](inout<T> c) { how.scale(c); });
  const auto a = [&](Expr i, Expr k) { return how.a_op == Op::none ? A(i, k) : A(k, i); };
  const auto b = [&](Expr k, Expr j) { return how.b_op == Op::none ? B(k, j) : B(j, k); };
  const auto inner = A.extent(how.a_op == Op::none ? 1 : 0);

  for (auto i : range(C.extent(0)))
    for (auto j : range(C.extent(1))) {
      if (auto empty = when(inner == 0)) C(i, j) = scale(C(i, j));
      if (auto first = when(inner > 0)) C(i, j) = start(C(i, j), a(i, 0), b(0, j));
      for (auto k : range(1, inner)) C(i, j) += next(a(i, k), b(k, j));
    }
}

}  // namespace algorithm

/// C := alpha op(A) op(B) + beta C: `lp::gemm(A, B, C, {.a_op = lp::Op::adjoint, .beta = 1})`;
/// without options C := A B. op(A) is m x k, op(B) k x n and C m x n, cut alike where they meet.
/// Throws input_error if the shapes do not fit. Source: ?gemm.
template <algorithm::detail::Matrix MA, algorithm::detail::Matrix MB, algorithm::detail::Matrix MC,
          Executor E = threads>
exec::Report gemm(MA&& A, MB&& B, MC&& C, kernel::Gemm<element_of_t<MC>> how = {},
                  const E& executor = {}) {
  using namespace algorithm::detail;
  const Operand a = operand("A", A), b = operand("B", B), c = operand("C", C);
  require_fit(a.cols(how.a_op).fits(b.rows(how.b_op)), "gemm", a, b,
              "op(A) must have as many columns as op(B) has rows");
  require_fit(a.rows(how.a_op).fits(c.rows()), "gemm", a, c, "C must have as many rows as op(A)");
  require_fit(b.cols(how.b_op).fits(c.cols()), "gemm", b, c,
              "C must have as many columns as op(B)");
  return run(executor, algorithm::gemm<element_of_t<MC>>, A, B, C, how);
}

}  // namespace lambdapack
