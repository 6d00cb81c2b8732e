// Systems of equations in one call: `lp::solve(A, B)`, or `lp::solve_positive(A, B)` where A is
// positive definite.
#pragma once

#include "lambdapack/algorithm/cholesky.hpp"
#include "lambdapack/algorithm/lu.hpp"

namespace lambdapack {

namespace algorithm {

/// A = L L^H and A X = B: the lower triangle of A is overwritten by L, B by X. The solve begins
/// before the factorization has ended. Source: ?posv.
template <Scalar T>
void solve_positive(InOut<T, 2> A, InOut<T, 2> B) {
  cholesky<T>(A);
  cholesky_solve<T>(A, B);
}

/// P A = L U as `lu` has it of a square A, but fails if A is singular.
template <Scalar T>
void regular_lu(InOut<T, 2> A, Out<Pivots, 1> pivots) {
  const auto require_regular = make_kernel("require_regular", kernel::require_regular<T>);
  lu<T>(A, pivots);
  if (auto some = when(A.extent(0) > 0))
    A(0, 0) = require_regular(A(0, 0), pivots(range(pivots.extent(0))));
}

/// P A = L U and A X = B: A is overwritten by L, unit lower, and U, B by X; fails if A is singular.
/// Source: ?gesv.
template <Scalar T>
void solve(InOut<T, 2> A, Out<Pivots, 1> pivots, InOut<T, 2> B) {
  regular_lu<T>(A, pivots);
  lu_solve<T>(A, pivots, B, Op::none);
}

}  // namespace algorithm

namespace detail {

/// Throws input_error unless A is square and fits B.
template <class MA, class MB>
algorithm::detail::Operand require_system(const char* front, MA& A, MB& B) {
  using namespace algorithm::detail;
  const Operand a = operand("A", A), b = operand("B", B);
  require_square(front, a);
  require_fit(a.rows().fits(b.rows()), front, a, b, "B must have as many rows as A");
  return a;
}

/// The same failure, with LAPACK's info if the matrix is singular.
[[noreturn]] inline void rethrow_singular(const run_error& error) {
  with_nested<singular_matrix>(error, [&](const singular_matrix& fault) {
    const std::int64_t info = fault.row() + 1;
    std::throw_with_nested(
        factorization_error(text({error.what(), " (info of ?getrf: ", info, ")"}), info));
  });
  throw;
}

}  // namespace detail

/// X of A X = B overwrites B, and what lp::cholesky makes of A overwrites A, which is Hermitian (or
/// symmetric) and positive definite; of A only the lower triangle is read and written. A is square,
/// in square tiles, and B has as many rows, cut into the same tiles. Throws factorization_error
/// with LAPACK's info if A is not positive definite, input_error if the shapes do not fit. Source:
/// ?posv.
template <algorithm::detail::Matrix MA, algorithm::detail::Matrix MB, Executor E = threads>
exec::Report solve_positive(MA&& A, MB&& B, const E& executor = {}) {
  const auto a =
      detail::before_run(executor, [&] { return detail::require_system("solve_positive", A, B); });
  try {
    return run(executor, algorithm::solve_positive<element_of_t<MB>>, A, B);
  } catch (const run_error& error) {
    detail::rethrow_with_info(error, A, a);
  }
}

/// X of A X = B overwrites B, and what lp::lu makes of A overwrites A, which is square, in square
/// tiles; B has as many rows, cut into the same tiles. The result is that of lp::lu. Throws
/// factorization_error with LAPACK's info if A is singular, input_error if the shapes do not fit.
/// Source: ?gesv.
template <algorithm::detail::Matrix MA, algorithm::detail::Matrix MB, Executor E = threads>
Lu solve(MA&& A, MB&& B, const E& executor = {}) {
  using T = element_of_t<MB>;
  detail::before_run(executor, [&] { detail::require_system("solve", A, B); });
  try {
    return detail::run_lu(executor, "solve", A, [&](TileArray<Pivots>& panels) {
      return run(executor, algorithm::solve<T>, A, panels, B);
    });
  } catch (const run_error& error) {
    detail::rethrow_singular(error);
  }
}

}  // namespace lambdapack
