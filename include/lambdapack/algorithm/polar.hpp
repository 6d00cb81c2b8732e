// The polar decomposition in one call: `auto [u, h, reports] = lp::polar(A);`.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "lambdapack/algorithm/detail/scaling.hpp"
#include "lambdapack/algorithm/inverse.hpp"
#include "lambdapack/algorithm/norm.hpp"
#include "lambdapack/algorithm/polar_programs.hpp"
#include "lambdapack/algorithm/qr.hpp"
#include "lambdapack/exec/noting.hpp"

namespace lambdapack {

/// A = U H: U is m x n with orthonormal columns, H is n x n, Hermitian and positive semidefinite.
template <Scalar T>
struct Polar {
  TiledMatrix<T> u;
  TiledMatrix<T> h;
  /// What its runs were, one after the other.
  std::vector<exec::Report> reports;
};

namespace detail::orthogonal {

/// A bound below the smallest singular value of A, from R of its QR: 1 / ||R^-1||, in the Frobenius
/// norm; the least number above 0 where R^-1 is too large for its type. Throws factorization_error
/// if R has a zero on its diagonal.
template <Scalar T, Executor E>
real_t<T> least_singular_value(const TiledMatrix<T>& a, const E& executor) {
  TiledMatrix<T> r = qr(a, {}, executor).r();
  for (std::int64_t i = 0; i < r.rows(); ++i)
    if (std::as_const(r)(i, i) == T{})
      throw factorization_error(
          text({"lambdapack: polar: A has not full rank, and so more than one polar factor: R of "
                "its QR has a zero on its diagonal in row ",
                i + 1,
                ", counted from 1; leave out columns that depend on others, or take U V^H and V "
                "diag(S) V^H from lp::svd"}),
          i + 1);
  triangular_inverse(r, {.part = Part::upper}, executor);
  const real_t<T> least = 1 / norm(r, Norm::frobenius, executor);
  return least > 0 ? least : std::numeric_limits<real_t<T>>::denorm_min();
}

/// f(number) summed over the elements of A, each with that of B at its place.
template <Scalar T, class F>
double sum_over(const TiledMatrix<T>& a, const TiledMatrix<T>& b, const F& f) {
  double sum = 0;
  for (std::int64_t j = 0; j < a.extents()[1]; ++j)
    for (std::int64_t i = 0; i < a.extents()[0]; ++i) {
      const tile::Dense<T>&of_a = a.tile(i, j), &of_b = b.tile(i, j);
      for (std::size_t k = 0; k < of_a.size(); ++k) sum += f(of_a.data()[k], of_b.data()[k]);
    }
  return sum;
}

/// ||A - B|| / sqrt(n), in the Frobenius norm.
template <Scalar T>
double distance(const TiledMatrix<T>& a, const TiledMatrix<T>& b) {
  const double squares =
      sum_over(a, b, [](T x, T y) { return static_cast<double>(std::norm(x - y)); });
  return std::sqrt(squares / static_cast<double>(std::max<std::int64_t>(1, a.cols())));
}

/// Whether all singular values of X, none of which is above 1, are about 1: the sum of their
/// squares tells.
template <Scalar T>
bool is_orthonormal(const TiledMatrix<T>& x) {
  const double squares = sum_over(x, x, [](T y, T) { return static_cast<double>(std::norm(y)); });
  // The sum of what rounding takes from each is far below the 1 that a missing one takes.
  const double n = static_cast<double>(x.cols());
  return n - squares < 0.5 + 8 * n * static_cast<double>(std::numeric_limits<real_t<T>>::epsilon());
}

/// X, all of whose singular values are at most 1 and about `least` or more, becomes its polar
/// factor. Throws run_error if it cannot be found.
template <Scalar T, Executor E>
void iterate_qdwh(TiledMatrix<T>& x, double least, const E& executor) {
  constexpr double eps = std::numeric_limits<real_t<T>>::epsilon();
  constexpr int most_steps = 30;
  const std::int64_t n = x.cols(), tile = x.tile_cols();
  for (int k = 0; k < most_steps; ++k) {
    const auto step = kernel::Qdwh<T>::from(least);
    const TiledMatrix<T> before = x;
    if (step.is_by_qr()) {
      run(executor, algorithm::qdwh_by_qr<T>, x, step);
    } else {
      auto z = matrix_of<T>(n, n, tile, tile,
                            [](std::int64_t i, std::int64_t j) { return T(i == j ? 1 : 0); });
      run(executor, algorithm::qdwh_by_cholesky<T>, x, z, step);
    }
    least = step.least_after(least);
    if (1 - least >= 5 * eps || distance(x, before) >= std::cbrt(5 * eps)) continue;
    if (is_orthonormal(x)) return;
    break;
  }
  throw run_error(
      "lambdapack: polar: the singular values of A are too far apart for its precision, as of a "
      "matrix without full rank, which has more than one polar factor; scale its columns, or take "
      "U "
      "V^H and V diag(S) V^H from lp::svd");
}

}  // namespace detail::orthogonal

/// A = U H by QDWH, for A of full rank with at least as many rows as columns, in any tiles; U is in
/// tiles as high and wide as A's. A is not changed. Takes some 6 m n + 3 n^2 numbers of memory
/// besides. Throws input_error if A has more columns than rows or an element is no number,
/// factorization_error if R of its QR has a zero on its diagonal, run_error if singular values are
/// too far apart: by 10^150, in single precision by 10^18. Sources: in
/// algorithm/polar_programs.hpp.
template <algorithm::detail::Matrix MA, Executor E = threads>
auto polar(MA&& A, const E& given = {}) {
  using T = element_of_t<MA>;
  namespace ours = detail::orthogonal;
  std::vector<exec::Report> reports;
  const auto executor = noting(reports, given);
  int exponent = 0;
  const bool is_empty = ours::smaller_side(A) == 0;
  const auto look = [&] {
    auto taken = ours::taken(std::forward<MA>(A));
    if (taken.rows() < taken.cols())
      throw input_error(text({"polar: ", ours::described("A", taken),
                              ", but it needs at least as many rows as columns; pass its adjoint"}),
                        codes::shape_mismatch);
    exponent = ours::scaling_of("polar", taken);
    return taken;
  };
  // Of no columns no run follows.
  auto matrix = is_empty ? look() : detail::before_run(executor, look);
  const std::int64_t n = matrix.cols();
  const std::int64_t tile_rows = matrix.tile_rows(), tile_cols = matrix.tile_cols();
  ours::scale(matrix, exponent);
  if (n == 0)
    return Polar<T>{std::move(matrix), TiledMatrix<T>(0, 0, tile_cols), std::move(reports)};
  const std::int64_t tile = std::min(n, std::max(tile_rows, tile_cols));
  const auto a = ours::retiled(std::move(matrix), tile, tile);
  auto x = a;
  const real_t<T> largest = norm(a, Norm::frobenius, executor);
  const double least = ours::least_singular_value(a, executor) / static_cast<double>(largest);
  ours::divide(x, largest);
  ours::iterate_qdwh(x, least, executor);

  TiledMatrix<T> product(n, n, tile);
  run(executor, algorithm::multiply<T>, x, a, product, kernel::Gemm<T>{.a_op = Op::adjoint});
  const tile::Dense<T> h = product.to_dense();
  auto hermitian = ours::matrix_of<T>(n, n, tile_cols, tile_cols, [&](auto i, auto j) {
    return kernel::detail::scaled((h(i, j) + kernel::detail::conjugate(h(j, i))) / real_t<T>(2),
                                  -exponent);
  });
  return Polar<T>{ours::retiled(std::move(x), tile_rows, tile_cols), std::move(hermitian),
                  std::move(reports)};
}

}  // namespace lambdapack
