// LU factorization with partial pivoting, and systems of equations with it.
#pragma once

#include "lambdapack/algorithm/detail/lu_front.hpp"
#include "lambdapack/algorithm/detail/lu_steps.hpp"
#include "lambdapack/algorithm/trsm.hpp"
#include "lambdapack/kernel/lu.hpp"
#include "lambdapack/lambdapack.hpp"

namespace lambdapack {

namespace algorithm {

/// P A = L U by partial pivoting: A is overwritten by L, unit lower, and U; `pivots` has an element
/// for each panel. A panel is a run of tiles that one task factors. Its exchanges of rows cross the
/// columns to its right when they are updated, and all those to its left once, at the end. Source:
/// ?getrf; Toledo, "Locality of reference in LU decomposition with partial pivoting", 1997.
template <Scalar T>
void lu(InOut<T, 2> A, Out<Pivots, 1> pivots) {
  const auto getrf = make_kernel("getrf", kernel::getrf_panel<T>, "", kernel::operations::getrf);
  const auto tile_of = make_kernel("lacpy", kernel::panel_tile<T>);
  const auto m = A.extent(0);
  auto panel = temp<T, 1>("panel");
  auto L = temp<T, 2>("L"), displaced = temp<T, 2>("displaced");

  for (auto k : range(pivots.extent(0))) {
    tie(panel(k), pivots(k)) = getrf(A(range(k, m), k));
    A(k, k) = tile_of(panel(k), pivots(k), 0);
    for (auto i : range(k + 1, m)) L(i, k) = tile_of(panel(k), pivots(k), i - k);
    detail::eliminate<T>(A, L, displaced, pivots, k);
  }
  detail::exchange_left<T>(A, L, pivots);
}

/// op(A) X = B from what `lu` has made of a square A: B is overwritten by X. Source: ?getrs.
template <Scalar T>
void lu_solve(In<T, 2> LU, In<Pivots, 1> pivots, InOut<T, 2> B, Op op) {
  const auto exchange =
      make_kernel("laswp", op == Op::none ? kernel::laswp<T> : kernel::laswp_back<T>);
  auto X = temp<T, 2>("X");
  const auto exchange_rows = [&] {
    for (auto j : range(B.extent(1)))
      for (auto i : range(B.extent(0)))
        X(i, j) = exchange(B(range(B.extent(0)), j), pivots(range(pivots.extent(0))), i);
    for (auto j : range(B.extent(1)))
      for (auto i : range(B.extent(0))) B(i, j) = copy(X(i, j));
  };
  const kernel::Trsm<T> lower{.part = Part::lower, .op = op, .diagonal = Diagonal::unit};
  const kernel::Trsm<T> upper{.part = Part::upper, .op = op};

  if (op == Op::none) exchange_rows();
  trsm<T>(LU, B, op == Op::none ? lower : upper);
  trsm<T>(LU, B, op == Op::none ? upper : lower);
  if (op != Op::none) exchange_rows();
}

}  // namespace algorithm

/// P A = L U by partial pivoting; A, of any shape, in square tiles, is overwritten by L, unit
/// lower, and U. A singular matrix is factored too, and the result says so: look at `info`. Throws
/// input_error if the tiles are not square. Source: ?getrf.
template <algorithm::detail::Matrix MA, Executor E = threads>
Lu lu(MA&& A, const E& executor = {}) {
  return detail::run_lu(executor, "lu", A, [&](TileArray<Pivots>& panels) {
    return run(executor, algorithm::lu<element_of_t<MA>>, A, panels);
  });
}

/// X of op(A) X = B from what lp::lu or lp::calu has made of a square A, and said; X overwrites B,
/// which has as many rows as A, cut into the same tiles. Throws factorization_error with LAPACK's
/// info if A is singular, input_error if the shapes do not fit. Source: ?getrs.
template <algorithm::detail::Matrix MA, algorithm::detail::Matrix MB, Executor E = threads>
exec::Report lu_solve(MA&& A, const Lu& factors, MB&& B, Op op = Op::none, const E& executor = {}) {
  using namespace algorithm::detail;
  detail::before_run(executor, [&] {
    const Operand a = operand("A", A), b = operand("B", B);
    require_square("lu_solve", a);
    require_fit(a.rows().fits(b.rows()), "lu_solve", a, b, "B must have as many rows as A");
    detail::require_regular("lu_solve", factors, a,
                            "the system has no solution or many, of which a least squares solver "
                            "finds one");
  });
  return run(executor, algorithm::lu_solve<element_of_t<MB>>, A, factors.panels, B, op);
}

}  // namespace lambdapack
