// Cholesky factorization, and systems of equations with it.
#pragma once

#include "lambdapack/algorithm/detail/shape.hpp"
#include "lambdapack/algorithm/failure.hpp"
#include "lambdapack/algorithm/trsm.hpp"
#include "lambdapack/kernel/cholesky.hpp"
#include "lambdapack/lambdapack.hpp"

namespace lambdapack {

namespace algorithm {

/// A = L L^H: the lower triangle of A is overwritten by L. Source: Buttari, Langou, Kurzak and
/// Dongarra, "A class of parallel tiled linear algebra algorithms for multicore architectures",
/// 2009.
template <Scalar T>
void cholesky(InOut<T, 2> A) {
  const auto potrf = make_kernel("potrf", kernel::potrf_block<T>, "", kernel::operations::potrf);
  const auto n = A.extent(0);
  for (auto k : range(n)) {
    A(k, k) = potrf(A(k, k), k);
    for (auto i : range(k + 1, n)) {
      A(i, k) = trsm(A(k, k), A(i, k));
      for (auto j : range(k + 1, i + 1)) A(i, j) += syrk(A(i, k), A(j, k));
    }
  }
}

/// L L^H X = B: B is overwritten by X. Source: ?potrs.
template <Scalar T>
void cholesky_solve(In<T, 2> L, InOut<T, 2> B) {
  trsm<T>(L, B, {.op = Op::none});
  trsm<T>(L, B, {.op = Op::adjoint});
}

}  // namespace algorithm

namespace detail {

/// The same failure of a factorization of `a`, which was `operand` before, with LAPACK's info if a
/// diagonal tile is to blame.
template <class A>
[[noreturn]] void rethrow_with_info(const run_error& error, A& a,
                                    const algorithm::detail::Operand& operand) {
  with_nested<block_not_positive_definite>(error, [&](const block_not_positive_definite& fault) {
    const std::int64_t place[] = {fault.block(), fault.block()};
    const std::int64_t first = operand.rows().is_known() ? operand.rows().first(fault.block())
                                                         : bind(a, 2)->origin(place).row;
    const std::int64_t info = first + fault.row() + 1;
    std::throw_with_nested(
        factorization_error(text({error.what(), " (info of ?potrf: ", info, ")"}), info));
  });
  throw;
}

}  // namespace detail

/// A = L L^H, A Hermitian (or symmetric) and positive definite: its lower triangle is overwritten
/// by L, what is above the diagonal is neither read nor written. A is square, in square tiles.
/// Throws factorization_error with LAPACK's info if A is not positive definite, input_error if it
/// is not square. Source: ?potrf.
template <algorithm::detail::Matrix MA, Executor E = threads>
exec::Report cholesky(MA&& A, const E& executor = {}) {
  const auto operand = detail::before_run(
      executor, [&] { return algorithm::detail::square_operand("cholesky", "A", A); });
  try {
    return run(executor, algorithm::cholesky<element_of_t<MA>>, A);
  } catch (const run_error& error) {
    detail::rethrow_with_info(error, A, operand);
  }
}

/// X of A X = B from what lp::cholesky has made of A; X overwrites B, which has as many rows as L,
/// cut into the same tiles. Throws input_error if the shapes do not fit. Source: ?potrs.
template <algorithm::detail::Matrix ML, algorithm::detail::Matrix MB, Executor E = threads>
exec::Report cholesky_solve(ML&& L, MB&& B, const E& executor = {}) {
  using namespace algorithm::detail;
  detail::before_run(executor, [&] {
    const Operand l = operand("L", L), b = operand("B", B);
    require_square("cholesky_solve", l);
    require_fit(l.rows().fits(b.rows()), "cholesky_solve", l, b, "B must have as many rows as L");
  });
  return run(executor, algorithm::cholesky_solve<element_of_t<MB>>, L, B);
}

}  // namespace lambdapack
