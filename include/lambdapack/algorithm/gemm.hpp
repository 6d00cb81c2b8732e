// Products of matrices.
#pragma once

#include "lambdapack/algorithm/detail/shape.hpp"
#include "lambdapack/kernel/level3.hpp"
#include "lambdapack/lambdapack.hpp"

namespace lambdapack {

namespace algorithm {

namespace detail {

/// Tile (i, j) of op(A).
template <Scalar T>
auto tile_of(const In<T, 2>& A, Op op) {
  return [&A, op](Expr i, Expr j) { return op == Op::none ? A(i, j) : A(j, i); };
}

}  // namespace detail

/// C := alpha op(A) op(B) + beta C, each tile of C by a chain of products. Source: ?gemm.
template <Scalar T>
void gemm(In<T, 2> A, In<T, 2> B, InOut<T, 2> C, kernel::Gemm<T> how) {
  const auto start = make_kernel("gemm", how, "", kernel::operations::gemm);
  const auto next = make_kernel("gemm", how.added(), "", kernel::operations::gemm);
  const auto scale = make_kernel("scale", [how](inout<T> c) { how.scale(c); });
  const auto a = detail::tile_of(A, how.a_op), b = detail::tile_of(B, how.b_op);
  const auto inner = A.extent(how.a_op == Op::none ? 1 : 0);

  for (auto i : range(C.extent(0)))
    for (auto j : range(C.extent(1))) {
      if (auto empty = when(inner == 0)) C(i, j) = scale(C(i, j));
      if (auto first = when(inner > 0)) C(i, j) = start(C(i, j), a(i, 0), b(0, j));
      for (auto k : range(1, inner)) C(i, j) += next(a(i, k), b(k, j));
    }
}

/// C := alpha op(A) op(B), the same without a look at what C held: beta is not used. Source: ?gemm.
template <Scalar T>
void multiply(In<T, 2> A, In<T, 2> B, Out<T, 2> C, kernel::Gemm<T> how) {
  const auto start = make_kernel(
      "gemm", [how](out<T> c, in<T> x, in<T> y) { how.assign(c, x, y); }, "",
      kernel::operations::gemm);
  const auto next = make_kernel("gemm", how.added(), "", kernel::operations::gemm);
  const auto zero = make_kernel("zero", kernel::zero<T>);
  const auto a = detail::tile_of(A, how.a_op), b = detail::tile_of(B, how.b_op);
  const auto inner = A.extent(how.a_op == Op::none ? 1 : 0);

  for (auto i : range(C.extent(0)))
    for (auto j : range(C.extent(1))) {
      if (auto empty = when(inner == 0)) C(i, j) = zero();
      if (auto first = when(inner > 0)) C(i, j) = start(a(i, 0), b(0, j));
      for (auto k : range(1, inner)) C(i, j) += next(a(i, k), b(k, j));
    }
}

}  // namespace algorithm

/// C := alpha op(A) op(B) + beta C: `lp::gemm(A, B, C, {.a_op = lp::Op::adjoint, .beta = 1})`;
/// without options C := A B. op(A) is m x k, op(B) k x n and C m x n, cut alike where they meet.
/// With beta = 0, C may be a file that the run makes. Throws input_error if the shapes do not fit.
/// Source: ?gemm.
template <algorithm::detail::Matrix MA, algorithm::detail::Matrix MB, algorithm::detail::Matrix MC,
          Executor E = threads>
exec::Report gemm(MA&& A, MB&& B, MC&& C, kernel::Gemm<algorithm::detail::scalar_of<MC>> how = {},
                  const E& executor = {}) {
  using namespace algorithm::detail;
  using T = element_of_t<MC>;
  const Operand a = operand("A", A), b = operand("B", B), c = operand("C", C);
  require_fit(a.cols(how.a_op).fits(b.rows(how.b_op)), "gemm", a, b,
              "op(A) must have as many columns as op(B) has rows");
  require_fit(a.rows(how.a_op).fits(c.rows()), "gemm", a, c, "C must have as many rows as op(A)");
  require_fit(b.cols(how.b_op).fits(c.cols()), "gemm", b, c,
              "C must have as many columns as op(B)");
  if (how.beta == T(0)) return run(executor, algorithm::multiply<T>, A, B, C, how);
  return run(executor, algorithm::gemm<T>, A, B, C, how);
}

}  // namespace lambdapack
