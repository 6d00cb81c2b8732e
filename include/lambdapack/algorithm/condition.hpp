// How well a system of equations is conditioned, from its factors.
#pragma once

#include <utility>

#include "lambdapack/algorithm/cholesky.hpp"
#include "lambdapack/algorithm/lu.hpp"
#include "lambdapack/algorithm/norm.hpp"
#include "lambdapack/kernel/condition.hpp"

namespace lambdapack {

namespace algorithm {

namespace detail {

/// An estimate of ||M||_1, rarely too small by more than a factor of 3 and never too large:
/// solve(x, op) is x := op(M) x. The diagonal of A is cut as M. Source: ?lacn2.
template <Scalar T, class Solve>
void estimate_norm(const In<T, 2>& A, const Out<real_t<T>, 0>& value, const Solve& solve) {
  using R = real_t<T>;
  const kernel::OneNormEstimate<T> how;
  const auto start = make_kernel("start", [how](out<R> s) { how.start(s); });
  const auto ones = make_kernel("ones", [how](out<T> x, in<T> a) { how.ones(x, a); });
  const auto grow = make_kernel("grow", [how](inout<R> s, in_list<T> x, in_list<T> signs,
                                              std::int64_t t) { how.grow(s, x, signs, t); });
  const auto sign = make_kernel("sign", [how](out<T> s, in<T> x) { how.sign(s, x); });
  const auto choose = make_kernel(
      "choose", [how](inout<R> s, in_list<T> x, std::int64_t t) { how.choose(s, x, t); });
  const auto unit =
      make_kernel("unit", [how](inout<T> x, in<R> s, std::int64_t k) { how.unit(x, s, k); });
  const auto alternate = make_kernel(
      "alternate", [how](out<T> x, in_list<T> all, std::int64_t k) { how.alternate(x, all, k); });
  const auto finish =
      make_kernel("finish", [how](out<R> v, in<R> s, in_list<T> x) { how.finish(v, s, x); });
  const auto n = A.extent(0);
  auto x = temp<T, 2>("x", extents(n, 1)), last = temp<T, 2>("last", extents(n, 1));
  auto signs = temp<T, 1>("signs", zero);
  auto state = temp<R, 0>("state");

  state() = start();
  for (auto i : range(n)) x(i, 0) = ones(A(i, i));
  for (auto t : range(5)) {
    solve(x, Op::none);
    state() = grow(state(), x(range(n), 0), signs(range(n)), t);
    for (auto i : range(n)) {
      signs(i) = sign(x(i, 0));
      x(i, 0) = copy(signs(i));
    }
    solve(x, Op::adjoint);
    state() = choose(state(), x(range(n), 0), t);
    for (auto i : range(n)) x(i, 0) = unit(x(i, 0), state(), i);
    stop_if(state());
  }
  for (auto i : range(n)) last(i, 0) = alternate(x(range(n), 0), i);
  solve(last, Op::none);
  value() = finish(state(), last(range(n), 0));
}

}  // namespace detail

/// An estimate of ||A^-1||_1 from L of A = L L^H. Source: ?pocon.
template <Scalar T>
void cholesky_inverse_norm(In<T, 2> L, Out<real_t<T>, 0> value) {
  detail::estimate_norm<T>(L, value, [&](const auto& x, Op) { cholesky_solve<T>(L, x); });
}

/// An estimate of ||op(A)^-1||_1 from what `lu` has made of a square A: with an `op` other than
/// none it is the infinity norm of A^-1. Source: ?gecon.
template <Scalar T>
void lu_inverse_norm(In<T, 2> LU, In<Pivots, 1> pivots, Out<real_t<T>, 0> value, Op op) {
  const Op turned = op == Op::none ? Op::adjoint : Op::none;
  detail::estimate_norm<T>(LU, value, [&](const auto& x, Op of_inverse) {
    lu_solve<T>(LU, pivots, x, of_inverse == Op::none ? op : turned);
  });
}

}  // namespace algorithm

namespace detail {

/// 1 / (||A|| ||A^-1||), with LAPACK's values where one is 0. An A^-1 that is beyond all numbers is
/// that of a singular A, unless A itself is no matrix of numbers.
template <class R>
R reciprocal_condition(std::int64_t tiles, R norm, R inverse_norm) {
  if (tiles == 0) return 1;
  if (norm == 0 || inverse_norm == 0) return 0;
  if (std::isfinite(norm) && !std::isfinite(inverse_norm)) return 0;
  return 1 / inverse_norm / norm;
}

}  // namespace detail

/// An estimate of 1 / (||A|| ||A^-1||) in the 1-norm, from what lp::cholesky has made of A, and its
/// norm, which is lp::hermitian_norm of A before that: about how many digits of a solution are
/// right. Never too small, and rarely too large by more than a factor of 3. Throws input_error if L
/// is not square. Source: ?pocon.
template <algorithm::detail::Matrix ML, Executor E = threads>
auto cholesky_rcond(ML&& L, real_t<algorithm::detail::scalar_of<ML>> norm, const E& executor = {}) {
  using T = element_of_t<ML>;
  detail::before_run(executor,
                     [&] { algorithm::detail::square_operand("cholesky_rcond", "L", L); });
  TiledMatrix<real_t<T>> value(1, 1, 1);
  run(executor, algorithm::cholesky_inverse_norm<T>, L, value);
  return detail::reciprocal_condition(bind(L, 2)->extents()[0], norm, std::as_const(value)(0, 0));
}

/// The same from what lp::lu or lp::calu has made of a square A, and said, for the 1-norm of A
/// before that; or for lp::Norm::inf, if `norm` is that one. 0 if A is singular. Throws input_error
/// if A is not square, and for other norms. Source: ?gecon.
template <algorithm::detail::Matrix MA, Executor E = threads>
auto lu_rcond(MA&& A, const Lu& factors, real_t<algorithm::detail::scalar_of<MA>> norm,
              Norm of = Norm::one, const E& executor = {}) {
  using T = element_of_t<MA>;
  using R = real_t<T>;
  const auto look = [&] {
    const auto a = algorithm::detail::square_operand("lu_rcond", "A", A);
    detail::require_factors("lu_rcond", factors, a);
    if (of != Norm::one && of != Norm::inf)
      throw input_error(
          "lambdapack: lu_rcond: conditions are estimated in lp::Norm::one and lp::Norm::inf only; "
          "pass one of them, and that norm of A");
  };
  if (factors.info > 0) {  // no run follows, for which others could wait
    look();
    return R(0);
  }
  detail::before_run(executor, look);
  TiledMatrix<R> value(1, 1, 1);
  run(executor, algorithm::lu_inverse_norm<T>, A, factors.panels, value,
      of == Norm::one ? Op::none : Op::adjoint);
  return detail::reciprocal_condition(bind(A, 2)->extents()[0], norm, std::as_const(value)(0, 0));
}

}  // namespace lambdapack
