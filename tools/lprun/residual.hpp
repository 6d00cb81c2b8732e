// Scaled residuals, as LAPACK's own tests define them; those tests let them be 30.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <lambdapack/kernel/options.hpp>
#include <lambdapack/lambdapack.hpp>
#include <limits>
#include <utility>
#include <vector>

#include "run.hpp"

namespace lprun {

/// LAPACK's eps: half the distance from 1 to the next number.
template <lp::Scalar T>
double eps() {
  return std::numeric_limits<lp::real_t<T>>::epsilon() / 2.0;
}

/// numerator / denominator, and 0 for nothing of nothing.
inline double ratio(double numerator, double denominator) {
  return numerator == 0 ? 0 : numerator / denominator;
}

/// The sums of magnitudes in the columns.
template <lp::Scalar T>
std::vector<double> column_norms(const lp::TiledMatrix<T>& a) {
  std::vector<double> sums(static_cast<std::size_t>(a.cols()));
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = 0; i < a.rows(); ++i)
      sums[static_cast<std::size_t>(j)] += std::abs(a(i, j));
  return sums;
}

/// The largest of these sums; NaN if one is.
template <lp::Scalar T>
double one_norm(const lp::TiledMatrix<T>& a) {
  double norm = 0;
  for (const double sum : column_norms(a))
    if (!(sum <= norm)) norm = sum;
  return norm;
}

/// The rows x cols matrix of element(i, j), in tiles of a's size.
template <lp::Scalar T, class Element>
lp::TiledMatrix<T> made(const lp::TiledMatrix<T>& a, std::int64_t rows, std::int64_t cols,
                        Element element) {
  lp::TiledMatrix<T> m(rows, cols, a.tile_rows(), a.tile_cols());
  for (std::int64_t j = 0; j < cols; ++j)
    for (std::int64_t i = 0; i < rows; ++i) m(i, j) = element(i, j);
  return m;
}

/// The first min(m, n) columns of A's lower triangle, or unit lower triangle; rows of the upper
/// one.
template <lp::Scalar T>
lp::TiledMatrix<T> lower_part(const lp::TiledMatrix<T>& a, bool unit = false) {
  return made(a, a.rows(), std::min(a.rows(), a.cols()), [&](std::int64_t i, std::int64_t j) {
    return i == j && unit ? T(1) : i >= j ? a(i, j) : T();
  });
}
template <lp::Scalar T>
lp::TiledMatrix<T> upper_part(const lp::TiledMatrix<T>& a) {
  return made(a, std::min(a.rows(), a.cols()), a.cols(),
              [&](std::int64_t i, std::int64_t j) { return i <= j ? a(i, j) : T(); });
}

template <lp::Scalar T>
T conjugate(T x) {
  if constexpr (std::is_same_v<T, lp::real_t<T>>)
    return x;
  else
    return std::conj(x);
}

/// The whole symmetric or Hermitian matrix of which one triangle is given.
template <lp::Scalar T>
lp::TiledMatrix<T> filled(const lp::TiledMatrix<T>& a, lp::Part part, bool hermitian) {
  return made(a, a.rows(), a.cols(), [&](std::int64_t i, std::int64_t j) {
    if (i == j) return hermitian ? T(std::real(a(i, j))) : a(i, j);
    const bool given = (i > j) == (part == lp::Part::lower);
    return given ? a(i, j) : hermitian ? conjugate(a(j, i)) : a(j, i);
  });
}

template <lp::Scalar T>
lp::TiledMatrix<T> transposed(const lp::TiledMatrix<T>& a, lp::Op op) {
  if (op == lp::Op::none) return a;
  lp::TiledMatrix<T> m(a.cols(), a.rows(), a.tile_cols(), a.tile_rows());
  for (std::int64_t j = 0; j < m.cols(); ++j)
    for (std::int64_t i = 0; i < m.rows(); ++i)
      m(i, j) = op == lp::Op::adjoint ? conjugate(a(j, i)) : a(j, i);
  return m;
}

/// C - op(A) op(B). Compiled in residual.cpp for all T.
template <lp::Scalar T>
lp::TiledMatrix<T> difference(const Run& run, lp::TiledMatrix<T> c, const lp::TiledMatrix<T>& a,
                              const lp::TiledMatrix<T>& b, lp::Op a_op = lp::Op::none,
                              lp::Op b_op = lp::Op::none);

/// The largest ||b - A x|| / (norm ||x|| eps) over the columns of X, given D = B - A X.
template <lp::Scalar T>
double solve_ratio(const lp::TiledMatrix<T>& d, const lp::TiledMatrix<T>& x, double norm) {
  const std::vector<double> errors = column_norms(d), sizes = column_norms(x);
  double worst = 0;
  for (std::size_t j = 0; j < errors.size(); ++j)
    if (const double r = ratio(errors[j], norm * sizes[j] * eps<T>()); !(r <= worst)) worst = r;
  return worst;
}

/// ||I - Q^H Q|| / (scale eps) for Q with orthonormal columns.
template <lp::Scalar T>
double orthogonality(const Run& run, const lp::TiledMatrix<T>& q, double scale) {
  lp::TiledMatrix<T> identity(q.cols(), q.cols(), q.tile_cols());
  for (std::int64_t i = 0; i < q.cols(); ++i) identity(i, i) = T(1);
  return ratio(one_norm(difference(run, std::move(identity), q, q, lp::Op::adjoint)),
               scale * eps<T>());
}

}  // namespace lprun
