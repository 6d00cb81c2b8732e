// Symmetric and Hermitian products of a matrix with itself.
#pragma once

#include "lambdapack/algorithm/detail/shape.hpp"
#include "lambdapack/kernel/level3.hpp"
#include "lambdapack/lambdapack.hpp"

namespace lambdapack {

namespace algorithm {

/// One triangle of C := alpha op(A) op(A)^T + beta C, or of the same with the adjoint. Source:
/// ?syrk, ?herk.
template <Scalar T>
void syrk(In<T, 2> A, InOut<T, 2> C, kernel::Syrk<T> how) {
  const auto start = make_kernel("syrk", how, "", kernel::operations::syrk);
  const auto next = make_kernel("syrk", how.added(), "", kernel::operations::syrk);
  const auto scale = make_kernel(
      "scale", [how](inout<T> c, std::int64_t i, std::int64_t j) { how.scale(c, i, j); });
  const bool plain = how.op == Op::none, lower = how.part == Part::lower;
  const auto a = [&](Expr i, Expr k) { return plain ? A(i, k) : A(k, i); };
  const auto inner = A.extent(plain ? 1 : 0), n = C.extent(0);

  for (auto i : range(n))
    for (auto j : lower ? range(i + 1) : range(i, n)) {
      if (auto empty = when(inner == 0)) C(i, j) = scale(C(i, j), i, j);
      if (auto first = when(inner > 0)) C(i, j) = start(C(i, j), a(i, 0), a(j, 0), i, j);
      for (auto k : range(1, inner)) C(i, j) += next(a(i, k), a(j, k), i, j);
    }
}

}  // namespace algorithm

namespace detail {

template <Scalar T, class MA, class MC, class E>
exec::Report run_syrk(const char* front, MA& A, MC& C, const kernel::Syrk<T>& how,
                      const E& executor) {
  using namespace algorithm::detail;
  const Op other = how.hermitian ? Op::transpose : Op::adjoint;
  if (!std::same_as<T, real_t<T>> && how.op == other)
    throw input_error(
        text({"lambdapack: ", front, " of complex numbers takes op = lp::Op::none or ",
              how.hermitian ? "lp::Op::adjoint; use lp::syrk for A^T A"
                            : "lp::Op::transpose; use lp::herk for A^H A"}));
  detail::before_run(executor, [&] {
    const Operand a = operand("A", A), c = operand("C", C);
    require_square(front, c);
    require_fit(a.rows(how.op).fits(c.rows()), front, a, c, "C must have as many rows as op(A)");
  });
  return run(executor, algorithm::syrk<T>, A, C, how);
}

}  // namespace detail

/// One triangle of C := alpha op(A) op(A)^T + beta C: `lp::syrk(A, C, {.op = lp::Op::transpose})`;
/// without options the lower one of A A^T. C is square, in square tiles. Throws input_error if the
/// shapes do not fit. Source: ?syrk.
template <algorithm::detail::Matrix MA, algorithm::detail::Matrix MC, Executor E = threads>
exec::Report syrk(MA&& A, MC&& C, kernel::Syrk<algorithm::detail::scalar_of<MC>> how = {},
                  const E& executor = {}) {
  how.hermitian = false;
  return detail::run_syrk("syrk", A, C, how, executor);
}

/// The options of lp::herk. R is real.
template <class R>
struct Herk {
  Part part = Part::lower;
  Op op = Op::none;
  R alpha = 1;
  R beta = 0;
};

/// One triangle of C := alpha op(A) op(A)^H + beta C, whose diagonal comes out real:
/// `lp::herk(A, C, {.part = lp::Part::upper})`; without options the lower one of A A^H. C is
/// square, in square tiles. Throws input_error if the shapes do not fit. Source: ?herk.
template <algorithm::detail::Matrix MA, algorithm::detail::Matrix MC, Executor E = threads>
exec::Report herk(MA&& A, MC&& C, const Herk<real_t<algorithm::detail::scalar_of<MC>>>& how = {},
                  const E& executor = {}) {
  using T = element_of_t<MC>;
  const kernel::Syrk<T> same{how.part, how.op, T(how.alpha), T(how.beta), true};
  return detail::run_syrk("herk", A, C, same, executor);
}

}  // namespace lambdapack
