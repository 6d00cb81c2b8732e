// Systems of equations in mixed precision: the factorization, nearly all of the work, in single
// precision, and the solution refined in double.
#pragma once

#include <complex>
#include <concepts>
#include <type_traits>

#include "lambdapack/algorithm/detail/refine.hpp"
#include "lambdapack/algorithm/gemm.hpp"
#include "lambdapack/algorithm/norm.hpp"
#include "lambdapack/algorithm/solve.hpp"
#include "lambdapack/algorithm/symm.hpp"

namespace lambdapack {

/// double or std::complex<double>: numbers with others of half their size below them.
template <class T>
concept DoubleScalar = std::same_as<T, double> || std::same_as<T, std::complex<double>>;

/// The numbers of single precision that belong to T.
template <DoubleScalar T>
using single_of_t = std::conditional_t<std::same_as<T, double>, float, std::complex<float>>;

namespace algorithm {

/// A X = B, A Hermitian and positive definite: its lower triangle is factored in single precision,
/// and X refined. `state` says whether X is good. Source: Langou, Langou, Luszczek, Kurzak, Buttari
/// and Dongarra, "Exploiting the performance of 32 bit floating point arithmetic in obtaining 64
/// bit accuracy", 2006; dsposv.
template <DoubleScalar T>
void solve_positive_mixed(In<T, 2> A, In<T, 2> B, Out<T, 2> X, Out<real_t<T>, 0> state,
                          Integer steps) {
  using S = single_of_t<T>;
  const auto convert = make_kernel("lag2", kernel::convert<T, S>);
  const auto n = A.extent(0);
  auto L = temp<S, 2>("L", extents(n, n));
  auto norm = temp<real_t<T>, 0>("norm", extents());

  for (auto i : range(n))
    for (auto j : range(i + 1)) L(i, j) = convert(A(i, j));
  cholesky<S>(L);
  hermitian_norm<T>(A, norm, Part::lower);
  detail::refine<S, T>(
      B, X, state, steps, norm, [&](const auto& D) { cholesky_solve<S>(L, D); },
      [&](const auto& Y, const auto& R) {
        symm<T>(A, Y, R, {.alpha = T(-1), .beta = T(1), .hermitian = true});
      });
}

/// A X = B: P A = L U in single precision, and X refined. `state` says whether X is good. Source:
/// as solve_positive_mixed; dsgesv.
template <DoubleScalar T>
void solve_mixed(In<T, 2> A, In<T, 2> B, Out<T, 2> X, Out<real_t<T>, 0> state, Integer steps) {
  using S = single_of_t<T>;
  const auto convert = make_kernel("lag2", kernel::convert<T, S>);
  const auto n = A.extent(0);
  auto LU = temp<S, 2>("LU", extents(n, n));
  auto pivots = temp<Pivots, 1>("pivots", extents(n));
  auto norm = temp<real_t<T>, 0>("norm", extents());

  for (auto i : range(n))
    for (auto j : range(n)) LU(i, j) = convert(A(i, j));
  regular_lu<S>(LU, pivots);
  algorithm::norm<T>(A, norm, {Norm::inf});
  detail::refine<S, T>(
      B, X, state, steps, norm, [&](const auto& D) { lu_solve<S>(LU, pivots, D, Op::none); },
      [&](const auto& Y, const auto& R) { gemm<T>(A, Y, R, {.alpha = T(-1), .beta = T(1)}); });
}

/// A X = B as solve_positive, but A and B are left as they are.
template <Scalar T>
void solve_positive_apart(In<T, 2> A, In<T, 2> B, Out<T, 2> X) {
  const auto n = A.extent(0), m = B.extent(1);
  auto L = temp<T, 2>("L", extents(n, n)), Y = temp<T, 2>("Y", extents(n, m));
  for (auto i : range(n))
    for (auto j : range(i + 1)) L(i, j) = copy(A(i, j));
  detail::copy_all(B, Y, n, m);
  solve_positive<T>(L, Y);
  detail::copy_all(Y, X, n, m);
}

/// A X = B as solve, but A and B are left as they are.
template <Scalar T>
void solve_apart(In<T, 2> A, In<T, 2> B, Out<T, 2> X) {
  const auto n = A.extent(0), m = B.extent(1);
  auto LU = temp<T, 2>("LU", extents(n, n)), Y = temp<T, 2>("Y", extents(n, m));
  auto pivots = temp<Pivots, 1>("pivots", extents(n));
  detail::copy_all(A, LU, n, n);
  detail::copy_all(B, Y, n, m);
  solve<T>(LU, pivots, Y);
  detail::copy_all(Y, X, n, m);
}

}  // namespace algorithm

/// X of A X = B, A Hermitian (or symmetric) and positive definite, of which the lower triangle is
/// read: factored in single precision and refined in double, by the stopping test of dsposv; if
/// that does not do, factored in double. A and B are left as they are; A is square, in square
/// tiles, B has as many rows, cut into the same tiles, and X its shape. Throws factorization_error
/// with LAPACK's info if A is not positive definite, input_error if the shapes do not fit. Source:
/// dsposv, zcposv.
template <algorithm::detail::Matrix MA, algorithm::detail::Matrix MB, algorithm::detail::Matrix MX,
          Executor E = threads>
Refinement solve_positive_mixed(MA&& A, MB&& B, MX&& X, const E& executor = {}) {
  using T = element_of_t<MX>;
  static_assert(DoubleScalar<T>,
                "lambdapack: mixed precision is for matrices of double or std::complex<double>; "
                "use lp::solve_positive for others");
  const auto a = detail::before_run(
      executor, [&] { return detail::require_system("solve_positive_mixed", A, B, X); });
  try {
    return detail::refine_or<T>(
        [&](auto& state) {
          return run(executor, algorithm::solve_positive_mixed<T>, A, B, X, state,
                     detail::refinement_steps);
        },
        [&] { return run(executor, algorithm::solve_positive_apart<T>, A, B, X); });
  } catch (const run_error& error) {
    detail::rethrow_with_info(error, A, a);
  }
}

/// X of A X = B, P A = L U: factored in single precision and refined in double, by the stopping
/// test of dsgesv; if that does not do, factored in double. As solve_positive_mixed otherwise, of
/// any square A. Throws factorization_error with LAPACK's info if A is singular, input_error if the
/// shapes do not fit. Source: dsgesv, zcgesv.
template <algorithm::detail::Matrix MA, algorithm::detail::Matrix MB, algorithm::detail::Matrix MX,
          Executor E = threads>
Refinement solve_mixed(MA&& A, MB&& B, MX&& X, const E& executor = {}) {
  using T = element_of_t<MX>;
  static_assert(DoubleScalar<T>,
                "lambdapack: mixed precision is for matrices of double or std::complex<double>; "
                "use lp::solve for others");
  detail::before_run(executor, [&] { detail::require_system("solve_mixed", A, B, X); });
  try {
    return detail::refine_or<T>(
        [&](auto& state) {
          return run(executor, algorithm::solve_mixed<T>, A, B, X, state, detail::refinement_steps);
        },
        [&] { return run(executor, algorithm::solve_apart<T>, A, B, X); });
  } catch (const run_error& error) {
    detail::rethrow_singular(error);
  }
}

}  // namespace lambdapack
