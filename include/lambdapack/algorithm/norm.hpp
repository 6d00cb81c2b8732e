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

/// The largest sum of magnitudes in a column, or row, of a Hermitian matrix given by one of its
/// triangles: a tile of the other one is that across the diagonal. Source: ?lanhe, ?lansy.
template <Scalar T>
void hermitian_norm(In<T, 2> A, Out<real_t<T>, 0> value, Part part) {
  using R = real_t<T>;
  const kernel::HermitianNorm<T> how{part};
  const auto rows = make_kernel("lanhe", [how](inout<R> s, in<T> a) { how.add_rows(s, a); });
  const auto columns = make_kernel("lanhe", [how](inout<R> s, in<T> a) { how.add_columns(s, a); });
  const auto diagonal =
      make_kernel("lanhe", [how](inout<R> s, in<T> a) { how.add_diagonal(s, a); });
  const auto finish = make_kernel("finish", [how](out<R> v, in_list<R> s) { how.finish(v, s); });
  const auto n = A.extent(0);
  auto sums = temp<R, 1>("sums", zero);

  for (auto j : range(n)) {
    sums(j) = diagonal(sums(j), A(j, j));
    for (auto i : range(j + 1, n)) {
      const auto a = part == Part::lower ? A(i, j) : A(j, i);
      sums(j) = part == Part::lower ? columns(sums(j), a) : rows(sums(j), a);
      sums(i) = part == Part::lower ? rows(sums(i), a) : columns(sums(i), a);
    }
  }
  value() = finish(sums(range(n)));
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

/// The 1-norm, which is the infinity norm too, of a Hermitian or real symmetric A, of which one
/// triangle is read: `lp::hermitian_norm(A, lp::Part::upper)`. A is square, in square tiles, and
/// its diagonal taken as real. Throws input_error if it is not square. Source: ?lanhe, ?lansy.
template <algorithm::detail::Matrix MA, Executor E = threads>
auto hermitian_norm(MA&& A, Part part = Part::lower, const E& executor = {}) {
  using T = element_of_t<MA>;
  detail::before_run(executor,
                     [&] { algorithm::detail::square_operand("hermitian_norm", "A", A); });
  TiledMatrix<real_t<T>> value(1, 1, 1);
  run(executor, algorithm::hermitian_norm<T>, A, value, part);
  return std::as_const(value)(0, 0);
}

}  // namespace lambdapack
