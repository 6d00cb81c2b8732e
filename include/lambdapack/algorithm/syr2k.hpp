// Symmetric and Hermitian products of two matrices.
#pragma once

#include "lambdapack/algorithm/detail/shape.hpp"
#include "lambdapack/kernel/symmetric.hpp"
#include "lambdapack/lambdapack.hpp"

namespace lambdapack {

namespace algorithm {

/// One triangle of C := alpha op(A) op(B)^T + alpha op(B) op(A)^T + beta C, or of the same with the
/// adjoint. Source: ?syr2k, ?her2k.
template <Scalar T>
void syr2k(In<T, 2> A, In<T, 2> B, InOut<T, 2> C, kernel::Syr2k<T> how) {
  const auto start = make_kernel("syr2k", how, "", kernel::operations::syr2k);
  const auto next = make_kernel("syr2k", how.added(), "", kernel::operations::syr2k);
  const auto scale = make_kernel(
      "scale", [how](inout<T> c, std::int64_t i, std::int64_t j) { how.scale(c, i, j); });
  const bool plain = how.op == Op::none, lower = how.part == Part::lower;
  const auto a = [&](Expr i, Expr k) { return plain ? A(i, k) : A(k, i); };
  const auto b = [&](Expr i, Expr k) { return plain ? B(i, k) : B(k, i); };
  const auto inner = A.extent(plain ? 1 : 0), n = C.extent(0);

  for (auto i : range(n))
    for (auto j : lower ? range(i + 1) : range(i, n)) {
      if (auto empty = when(inner == 0)) C(i, j) = scale(C(i, j), i, j);
      if (auto first = when(inner > 0))
        C(i, j) = start(C(i, j), a(i, 0), b(j, 0), b(i, 0), a(j, 0), i, j);
      for (auto k : range(1, inner)) C(i, j) += next(a(i, k), b(j, k), b(i, k), a(j, k), i, j);
    }
}

}  // namespace algorithm

namespace detail {

template <Scalar T, class MA, class MB, class MC, class E>
exec::Report run_syr2k(const char* front, MA& A, MB& B, MC& C, const kernel::Syr2k<T>& how,
                       const E& executor) {
  using namespace algorithm::detail;
  const Op other = how.hermitian ? Op::transpose : Op::adjoint;
  if (!std::same_as<T, real_t<T>> && how.op == other)
    throw input_error(
        text({"lambdapack: ", front, " of complex numbers takes op = lp::Op::none or ",
              how.hermitian ? "lp::Op::adjoint; use lp::syr2k for transposes"
                            : "lp::Op::transpose; use lp::her2k for adjoints"}));
  detail::before_run(executor, [&] {
    const Operand a = operand("A", A), b = operand("B", B), c = operand("C", C);
    require_square(front, c);
    require_fit(a.rows().fits(b.rows()), front, a, b, "B must have as many rows as A");
    require_fit(a.cols().fits(b.cols()), front, a, b, "B must have as many columns as A");
    require_fit(a.rows(how.op).fits(c.rows()), front, a, c, "C must have as many rows as op(A)");
  });
  return run(executor, algorithm::syr2k<T>, A, B, C, how);
}

}  // namespace detail

/// One triangle of C := alpha op(A) op(B)^T + alpha op(B) op(A)^T + beta C: `lp::syr2k(A, B, C,
/// {.op = lp::Op::transpose})`; without options the lower one of A B^T + B A^T. C is square, in
/// square tiles; A and B have one shape. Throws input_error if the shapes do not fit. Source:
/// ?syr2k.
template <algorithm::detail::Matrix MA, algorithm::detail::Matrix MB, algorithm::detail::Matrix MC,
          Executor E = threads>
exec::Report syr2k(MA&& A, MB&& B, MC&& C, kernel::Syr2k<algorithm::detail::scalar_of<MC>> how = {},
                   const E& executor = {}) {
  how.hermitian = false;
  return detail::run_syr2k("syr2k", A, B, C, how, executor);
}

/// The options of lp::her2k.
template <Scalar T>
struct Her2k {
  Part part = Part::lower;
  Op op = Op::none;
  T alpha = T(1);
  real_t<T> beta = 0;
};

/// One triangle of C := alpha op(A) op(B)^H + conj(alpha) op(B) op(A)^H + beta C, whose diagonal
/// comes out real; as syr2k else. Source: ?her2k.
template <algorithm::detail::Matrix MA, algorithm::detail::Matrix MB, algorithm::detail::Matrix MC,
          Executor E = threads>
exec::Report her2k(MA&& A, MB&& B, MC&& C, const Her2k<algorithm::detail::scalar_of<MC>>& how = {},
                   const E& executor = {}) {
  using T = element_of_t<MC>;
  const kernel::Syr2k<T> same{how.part, how.op, how.alpha, T(how.beta), true};
  return detail::run_syr2k("her2k", A, B, C, same, executor);
}

}  // namespace lambdapack
