// L D L^H factorization without pivoting, and systems of equations with it.
#pragma once

#include "lambdapack/algorithm/detail/shape.hpp"
#include "lambdapack/algorithm/failure.hpp"
#include "lambdapack/algorithm/trsm.hpp"
#include "lambdapack/kernel/ldl.hpp"
#include "lambdapack/lambdapack.hpp"

namespace lambdapack {

namespace algorithm {

/// A = L D L^H without pivoting: the lower triangle of A is overwritten by L, unit lower, and D on
/// the diagonal. W(i, k) is L(i, k) D(k). Source: Golub and Van Loan, "Matrix computations", 4.1,
/// in the loops of `cholesky`.
template <Scalar T>
void ldl(InOut<T, 2> A) {
  const auto factor = make_kernel("ldl", kernel::ldl<T>, "", kernel::operations::potrf);
  const auto below =
      make_kernel("ldl_below", kernel::ldl_below<T>, "", kernel::operations::laswp_trsm_right);
  const auto update =
      make_kernel("ldl_update", kernel::ldl_update<T>, "", kernel::operations::gemm);
  const auto n = A.extent(0);
  auto W = temp<T, 2>("W");

  for (auto k : range(n)) {
    A(k, k) = factor(A(k, k), k);
    for (auto i : range(k + 1, n)) {
      tie(A(i, k), W(i, k)) = below(A(i, k), A(k, k));
      for (auto j : range(k + 1, i + 1)) A(i, j) += update(W(i, k), A(j, k), i, j);
    }
  }
}

/// L D L^H X = B: B is overwritten by X.
template <Scalar T>
void ldl_solve(In<T, 2> A, InOut<T, 2> B) {
  const auto divide = make_kernel("ldl_divide", kernel::ldl_divide<T>);
  trsm<T>(A, B, {.op = Op::none, .diagonal = Diagonal::unit});
  for (auto i : range(A.extent(0)))
    for (auto j : range(B.extent(1))) B(i, j) = divide(B(i, j), A(i, i));
  trsm<T>(A, B, {.op = Op::adjoint, .diagonal = Diagonal::unit});
}

}  // namespace algorithm

namespace detail {

/// The same failure of a factorization of `a`, which was `operand` before, with the row if a pivot
/// is to blame.
template <class A>
[[noreturn]] void rethrow_with_pivot(const run_error& error, A& a,
                                     const algorithm::detail::Operand& operand) {
  with_nested<zero_pivot>(error, [&](const zero_pivot& fault) {
    const std::int64_t place[] = {fault.block(), fault.block()};
    const std::int64_t first = operand.rows().is_known() ? operand.rows().first(fault.block())
                                                         : bind(a, 2)->origin(place).row;
    const std::int64_t info = first + fault.row() + 1;
    std::throw_with_nested(
        factorization_error(text({error.what(), " (row, from 1: ", info, ")"}), info));
  });
  throw;
}

}  // namespace detail

/// A = L D L^H without pivoting, A Hermitian (or real symmetric): its lower triangle is overwritten
/// by L, unit lower, and D on the diagonal; what is above is neither read nor written. Only for
/// matrices whose leading parts are all well conditioned, such as quasi-definite ones; for others
/// there is lp::solve_hermitian. A is square, in square tiles. Throws factorization_error at a
/// pivot that is zero or no finite number, input_error if A is not square.
template <algorithm::detail::Matrix MA, Executor E = threads>
exec::Report ldl(MA&& A, const E& executor = {}) {
  const auto operand = detail::before_run(
      executor, [&] { return algorithm::detail::square_operand("ldl", "A", A); });
  try {
    return run(executor, algorithm::ldl<element_of_t<MA>>, A);
  } catch (const run_error& error) {
    detail::rethrow_with_pivot(error, A, operand);
  }
}

/// X of A X = B from what lp::ldl has made of A; X overwrites B, which has as many rows as A, cut
/// into the same tiles. Throws input_error if the shapes do not fit.
template <algorithm::detail::Matrix MA, algorithm::detail::Matrix MB, Executor E = threads>
exec::Report ldl_solve(MA&& A, MB&& B, const E& executor = {}) {
  using namespace algorithm::detail;
  detail::before_run(executor, [&] {
    const Operand a = operand("A", A), b = operand("B", B);
    require_square("ldl_solve", a);
    require_fit(a.rows().fits(b.rows()), "ldl_solve", a, b, "B must have as many rows as A");
  });
  return run(executor, algorithm::ldl_solve<element_of_t<MB>>, A, B);
}

}  // namespace lambdapack
