// Norms of matrices.
#pragma once

#include "lambdapack/algorithm/detail/shape.hpp"
#include "lambdapack/kernel/norm.hpp"
#include "lambdapack/lambdapack.hpp"

namespace lambdapack {

namespace algorithm {

/// A norm of A: sums along each column of tiles, or each row for the infinity norm, and then over
/// all of them. Source: ?lange.
template <Scalar T>
void norm(In<T, 2> A, Out<real_t<T>, 0> value, kernel::NormOf<T> of) {
  using R = real_t<T>;
  const auto start = make_kernel("lange", [of](out<R> s, in<T> a) { of.start(s, a); });
  const auto add = make_kernel("lange", [of](inout<R> s, in<T> a) { of.add(s, a); });
  const auto none = make_kernel("none", [of](out<R> r) { of.none(r); });
  const auto combine = make_kernel("combine", [of](inout<R> r, in<R> s) { of.combine(r, s); });
  const auto finish = make_kernel("finish", [of](out<R> v, in<R> r) { of.finish(v, r); });
  const bool by_rows = of.norm == Norm::inf;
  const auto a = [&](Expr i, Expr j) { return by_rows ? A(j, i) : A(i, j); };
  const auto inner = A.extent(by_rows ? 1 : 0);
  auto sums = temp<R, 1>("sums");
  auto result = temp<R, 0>("result");

  result() = none();
  for (auto j : range(A.extent(by_rows ? 0 : 1)))
    if (auto some = when(inner > 0)) {
      sums(j) = start(a(0, j));
      for (auto i : range(1, inner)) sums(j) = add(sums(j), a(i, j));
      result() = combine(result(), sums(j));
    }
  value() = finish(result());
}

}  // namespace algorithm

/// A norm of A, in any tiles: `lp::norm(A, lp::Norm::one)`; 0 of a matrix without elements, NaN of
/// one that holds a NaN. Squares neither overflow nor underflow. Source: ?lange.
template <algorithm::detail::Matrix MA, Executor E = threads>
auto norm(MA&& A, Norm of = Norm::frobenius, const E& executor = {}) {
  using T = element_of_t<MA>;
  TiledMatrix<real_t<T>> value(1, 1, 1);
  run(executor, algorithm::norm<T>, A, value, kernel::NormOf<T>{of});
  return std::as_const(value)(0, 0);
}

}  // namespace lambdapack
