// Iterative refinement, and what its fronts have in common.
#pragma once

#include <cstdint>
#include <utility>

#include "lambdapack/algorithm/detail/shape.hpp"
#include "lambdapack/algorithm/failure.hpp"
#include "lambdapack/kernel/convert.hpp"
#include "lambdapack/kernel/refine.hpp"
#include "lambdapack/lambdapack.hpp"

namespace lambdapack {

/// How a system was solved whose solution is refined.
struct Refinement {
  /// LAPACK's iter: how many times the first solution was refined. Negative where that did not do,
  /// and X is the result of a factorization that needs no refinement: -3 if the first factorization
  /// failed, -31 if its solution was not good after 30 steps, or no finite numbers came of it.
  std::int64_t iterations = 0;
  /// What the run was that made X.
  exec::Report report;
};

namespace algorithm::detail {

/// B := A, of n x m tiles.
template <class From, class To>
void copy_all(const From& A, const To& B, const Expr& n, const Expr& m) {
  for (auto i : range(n))
    for (auto j : range(m)) B(i, j) = copy(A(i, j));
}

/// X of A X = B, by at most `steps` steps of D := A^-1 R in the numbers of S, X := X + D and
/// R := B - A X, from X = 0 on; solve(D) and subtract(X, R) are A. Ends when X is good, and says
/// in `state` whether it is. Source: ?sgesv, ?sposv.
template <Scalar S, Scalar T, class Solve, class Subtract>
void refine(const In<T, 2>& B, const Out<T, 2>& X, const Out<real_t<T>, 0>& state, Integer steps,
            const Temp<real_t<T>, 0>& norm, const Solve& solve, const Subtract& subtract) {
  using R = real_t<T>;
  const kernel::RefinementTest<T> test;
  const auto start = make_kernel("start", [test](out<R> s) { test.start(s); });
  const auto convert = make_kernel("lag2", kernel::convert<T, S>);
  const auto add = make_kernel("add", kernel::add_converted<S, T>);
  const auto measure = make_kernel("measure", [test](inout<R> s, in<T> x, in<T> r, std::int64_t i) {
    test.measure(s, x, r, i);
  });
  const auto judge =
      make_kernel("judge", [test](inout<R> s, in_list<R> sizes, in<R> norm_of_a, std::int64_t t) {
        test.judge(s, sizes, norm_of_a, t);
      });
  const auto n = B.extent(0), m = B.extent(1);
  auto D = temp<S, 2>("D", extents(n, m));
  auto Y = temp<T, 2>("Y", extents(n, m), zero);
  auto rest = temp<T, 2>("R", extents(n, m));
  auto sizes = temp<R, 1>("sizes", zero);

  state() = start();
  copy_all(B, rest, n, m);
  for (auto t : range(steps)) {
    for (auto j : range(m))
      for (auto i : range(n)) D(i, j) = convert(rest(i, j));
    solve(D);
    for (auto j : range(m))
      for (auto i : range(n)) {
        Y(i, j) += add(D(i, j));
        rest(i, j) = copy(B(i, j));
      }
    subtract(Y, rest);
    for (auto j : range(m))
      for (auto i : range(n)) sizes(j) = measure(sizes(j), Y(i, j), rest(i, j), i);
    state() = judge(state(), sizes(range(m)), norm(), t);
    stop_if(state());
  }
  copy_all(Y, X, n, m);
}

}  // namespace algorithm::detail

namespace detail {

/// The first solution, and LAPACK's 30 refinements of it.
inline constexpr std::int64_t refinement_steps = 31;

/// Whether a run failed by the numbers that it was given.
inline bool is_of_numbers(const run_error& error) {
  bool found = false;
  with_nested<tile_fault>(error, [&](const tile_fault&) { found = true; });
  with_nested<singular_matrix>(error, [&](const singular_matrix&) { found = true; });
  return found;
}

/// Solves by refining(state), or by direct() if X is not good then.
template <Scalar T, class Refining, class Direct>
Refinement refine_or(const Refining& refining, const Direct& direct) {
  TiledMatrix<real_t<T>> state(3, 1, 3, 1);
  std::int64_t iterations = -3;
  try {
    exec::Report report = refining(state);
    const auto& found = std::as_const(state);
    if (found(2, 0) != 0) return {static_cast<std::int64_t>(found(1, 0)), std::move(report)};
    iterations = -refinement_steps;
  } catch (const run_error& error) {
    if (!is_of_numbers(error)) throw;
  }
  return {iterations, direct()};
}

/// Throws input_error unless A is square and fits B and X.
template <class MA, class MB, class MX>
algorithm::detail::Operand require_system(const char* front, MA& A, MB& B, MX& X) {
  using namespace algorithm::detail;
  const Operand a = operand("A", A), b = operand("B", B), x = operand("X", X);
  require_square(front, a);
  require_fit(a.rows().fits(b.rows()), front, a, b, "B must have as many rows as A");
  require_fit(b.rows().fits(x.rows()) && b.cols().fits(x.cols()), front, b, x,
              "X must have the shape of B");
  return a;
}

}  // namespace detail

}  // namespace lambdapack
