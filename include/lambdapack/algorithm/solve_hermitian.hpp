// Systems of equations with a Hermitian or symmetric matrix that need not be definite: made regular
// enough by a random butterfly for L D L^H without pivoting, and refined.
#pragma once

#include "lambdapack/algorithm/detail/refine.hpp"
#include "lambdapack/algorithm/ldl.hpp"
#include "lambdapack/algorithm/norm.hpp"
#include "lambdapack/algorithm/solve.hpp"
#include "lambdapack/algorithm/symm.hpp"
#include "lambdapack/kernel/butterfly.hpp"

namespace lambdapack {

namespace algorithm {

namespace detail {

/// F := all of a Hermitian A of which the lower triangle is given.
template <Scalar T>
void fill_hermitian(const In<T, 2>& A, const Temp<T, 2>& F) {
  const auto whole = make_kernel("lacpy", kernel::fill_hermitian<T>);
  const auto adjoint = make_kernel("adjoint", kernel::adjoint<T>);
  for (auto j : range(A.extent(0))) {
    F(j, j) = whole(A(j, j));
    for (auto i : range(j + 1, A.extent(0))) {
      F(i, j) = copy(A(i, j));
      F(j, i) = adjoint(A(i, j));
    }
  }
}

/// The lower triangle of H := W^T A W, with a random butterfly W, of a Hermitian A.
template <Scalar T>
void butterfly(const In<T, 2>& A, const Temp<T, 2>& H) {
  const kernel::Butterfly<T> w;
  const auto left = make_kernel(
      "butterfly", [w](out<T> c, in_list<T> a, std::int64_t t) { w.transposed(c, a, t); });
  const auto right = make_kernel(
      "butterfly", [w](out<T> c, in_list<T> a, std::int64_t t) { w.from_right(c, a, t); });
  const auto n = A.extent(0);
  auto F = temp<T, 2>("F"), G = temp<T, 2>("G");
  fill_hermitian<T>(A, F);
  for (auto i : range(n)) {
    for (auto j : range(n)) G(i, j) = left(F(range(n), j), i);
    for (auto j : range(i + 1)) H(i, j) = right(G(i, range(n)), j);
  }
}

/// X := W (W^T A W)^-1 W^T X, which is A^-1 X, from L and D of W^T A W.
template <Scalar T>
void butterfly_solve(const Temp<T, 2>& LD, const Temp<T, 2>& X) {
  const kernel::Butterfly<T> w;
  const auto transposed = make_kernel(
      "butterfly", [w](out<T> c, in_list<T> x, std::int64_t t) { w.transposed(c, x, t); });
  const auto plain =
      make_kernel("butterfly", [w](out<T> c, in_list<T> x, std::int64_t t) { w.plain(c, x, t); });
  const auto n = X.extent(0), m = X.extent(1);
  auto Z = temp<T, 2>("Z", extents(n, m));
  for (auto j : range(m))
    for (auto i : range(n)) Z(i, j) = transposed(X(range(n), j), i);
  ldl_solve<T>(LD, Z);
  for (auto j : range(m))
    for (auto i : range(n)) X(i, j) = plain(Z(range(n), j), i);
}

}  // namespace detail

/// A X = B, A Hermitian: W^T A W = L D L^H without pivoting, with a random butterfly W, and X
/// refined. `state` says whether X is good. Source: Becker, Baboulin and Dongarra, "Reducing the
/// amount of pivoting in symmetric indefinite systems", 2011.
template <Scalar T>
void solve_hermitian(In<T, 2> A, In<T, 2> B, Out<T, 2> X, Out<real_t<T>, 0> state, Integer steps) {
  const auto n = A.extent(0);
  auto LD = temp<T, 2>("LD", extents(n, n));
  auto norm = temp<real_t<T>, 0>("norm", extents());

  detail::butterfly<T>(A, LD);
  ldl<T>(LD);
  hermitian_norm<T>(A, norm, Part::lower);
  detail::refine<T, T>(
      B, X, state, steps, norm, [&](const auto& D) { detail::butterfly_solve<T>(LD, D); },
      [&](const auto& Y, const auto& R) {
        symm<T>(A, Y, R, {.alpha = T(-1), .beta = T(1), .hermitian = true});
      });
}

/// A X = B, A Hermitian, by LU of all of it, with partial pivoting.
template <Scalar T>
void solve_hermitian_by_lu(In<T, 2> A, In<T, 2> B, Out<T, 2> X) {
  const auto n = A.extent(0), m = B.extent(1);
  auto LU = temp<T, 2>("LU", extents(n, n)), Y = temp<T, 2>("Y", extents(n, m));
  auto pivots = temp<Pivots, 1>("pivots", extents(n));
  detail::fill_hermitian<T>(A, LU);
  detail::copy_all(B, Y, n, m);
  solve<T>(LU, pivots, Y);
  detail::copy_all(Y, X, n, m);
}

}  // namespace algorithm

/// X of A X = B, A Hermitian (or real symmetric), definite or not, of which the lower triangle is
/// read: by L D L^H without pivoting of A between random butterflies, and refinement; if that does
/// not do, by LU of all of A. A and B are left as they are; A is square, in square tiles, B has as
/// many rows, cut into the same tiles, and X its shape. Throws factorization_error with LAPACK's
/// info if LU finds A singular, which rounding may hide; input_error if the shapes do not fit.
/// Source: in place of ?hesv and ?sysv.
template <algorithm::detail::Matrix MA, algorithm::detail::Matrix MB, algorithm::detail::Matrix MX,
          Executor E = threads>
Refinement solve_hermitian(MA&& A, MB&& B, MX&& X, const E& executor = {}) {
  using T = element_of_t<MX>;
  detail::before_run(executor, [&] { detail::require_system("solve_hermitian", A, B, X); });
  try {
    return detail::refine_or<T>(
        [&](auto& state) {
          return run(executor, algorithm::solve_hermitian<T>, A, B, X, state,
                     detail::refinement_steps);
        },
        [&] { return run(executor, algorithm::solve_hermitian_by_lu<T>, A, B, X); });
  } catch (const run_error& error) {
    detail::rethrow_singular(error);
  }
}

}  // namespace lambdapack
