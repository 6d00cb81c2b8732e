// Matrices for the tests of the algorithms, dense arithmetic in plain loops, and LAPACK's
// residuals.
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <lambdapack/lambdapack.hpp>

#include "kernel/reference.hpp"
#include "support/said.hpp"

namespace matrices {

using reference::adjoint;
using reference::conj;
using reference::Dense;
using reference::random_tile;

/// What LAPACK's own tests let a scaled residual be.
inline constexpr double threshold = 30;

/// A matrix in tiles of tile_rows x tile_cols.
template <lp::Scalar T>
lp::TiledMatrix<T> tiled(const Dense<T>& a, std::int64_t tile_rows, std::int64_t tile_cols) {
  return lp::TiledMatrix<T>::from(a.data(), a.rows(), a.cols(), std::max<std::int64_t>(a.rows(), 1),
                                  tile_rows, tile_cols);
}
template <lp::Scalar T>
lp::TiledMatrix<T> tiled(const Dense<T>& a, std::int64_t tile) {
  return tiled(a, tile, tile);
}

/// C + alpha A B; a BLAS's product, since plain loops would take the tests' time.
template <lp::Scalar T>
Dense<T> product(Dense<T> c, T alpha, const Dense<T>& a, const Dense<T>& b) {
  namespace blas = lp::kernel::blas;
  blas::gemm(blas::Trans::none, blas::Trans::none, c.rows(), c.cols(), a.cols(), alpha, a.data(),
             std::max<std::int64_t>(a.rows(), 1), b.data(), std::max<std::int64_t>(b.rows(), 1),
             T(1), c.data(), std::max<std::int64_t>(c.rows(), 1));
  return c;
}

template <lp::Scalar T>
Dense<T> transposed(lp::Op op, const Dense<T>& a) {
  if (op == lp::Op::none) return a;
  Dense<T> result(a.cols(), a.rows());
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = 0; i < a.rows(); ++i)
      result(j, i) = op == lp::Op::adjoint ? conj(a(i, j)) : a(i, j);
  return result;
}

/// The largest sum of a column's magnitudes.
template <lp::Scalar T>
double one_norm(const Dense<T>& a) {
  double norm = 0;
  for (std::int64_t j = 0; j < a.cols(); ++j) {
    double sum = 0;
    for (std::int64_t i = 0; i < a.rows(); ++i) sum += std::abs(a(i, j));
    if (!(sum <= norm)) norm = sum;
  }
  return norm;
}

template <lp::Scalar T>
double eps() {
  return std::numeric_limits<lp::real_t<T>>::epsilon() / 2;
}

/// ||difference|| / (n scale eps), LAPACK's ratio; 0 where there is nothing.
template <lp::Scalar T>
double ratio(const Dense<T>& difference, std::int64_t n, double scale) {
  const double norm = one_norm(difference);
  if (norm == 0) return 0;
  return norm / (static_cast<double>(n) * scale * eps<T>());
}

/// The unit lower (or lower) triangle, or the upper one, of the first columns or rows.
template <lp::Scalar T>
Dense<T> lower_trapezoid(const Dense<T>& a, bool unit) {
  const std::int64_t k = std::min(a.rows(), a.cols());
  Dense<T> l = Dense<T>::zeros(a.rows(), k);
  for (std::int64_t j = 0; j < k; ++j) {
    for (std::int64_t i = j; i < a.rows(); ++i) l(i, j) = a(i, j);
    if (unit) l(j, j) = T(1);
  }
  return l;
}
template <lp::Scalar T>
Dense<T> upper_trapezoid(const Dense<T>& a) {
  const std::int64_t k = std::min(a.rows(), a.cols());
  Dense<T> u = Dense<T>::zeros(k, a.cols());
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = 0; i <= std::min(j, k - 1); ++i) u(i, j) = a(i, j);
  return u;
}

/// Q D Q^H, Q of a few random reflections: singular values from 1 down to 1 / condition. Hermitian
/// and positive definite.
template <lp::Scalar T>
Dense<T> of_condition(std::int64_t n, double condition) {
  using R = lp::real_t<T>;
  Dense<T> a = Dense<T>::zeros(n, n);
  for (std::int64_t i = 0; i < n; ++i)
    a(i, i) = T(static_cast<R>(
        std::pow(condition,
                 -static_cast<double>(i) / static_cast<double>(std::max<std::int64_t>(n - 1, 1)))));
  for (int round = 0; round < 3; ++round) {
    Dense<T> v = random_tile<T>(n, 1);
    double norm2 = 0;
    for (std::int64_t i = 0; i < n; ++i) norm2 += std::norm(v(i, 0));
    Dense<T> h = Dense<T>::zeros(n, n);
    for (std::int64_t i = 0; i < n; ++i) h(i, i) = T(1);
    h = product(std::move(h), T(static_cast<R>(-2 / norm2)), v, adjoint(v));
    const Dense<T> zero = Dense<T>::zeros(n, n);
    a = product(zero, T(1), h, product(zero, T(1), a, h));
  }
  for (std::int64_t j = 0; j < n; ++j) {
    a(j, j) = T(std::real(a(j, j)));
    for (std::int64_t i = 0; i < j; ++i) a(i, j) = conj(a(j, i));
  }
  return a;
}

/// ||B - op(A) X|| / (||A|| ||X|| n eps), LAPACK's ratio of a solution.
template <lp::Scalar T>
double solve_ratio(const Dense<T>& op_a, const Dense<T>& x, const Dense<T>& b) {
  const double scale = one_norm(op_a) * one_norm(x);
  return ratio(product(b, T(-1), op_a, x), op_a.rows(), scale == 0 ? 1 : scale);
}

template <lp::Scalar T>
bool same_bits(const Dense<T>& a, const Dense<T>& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() &&
         (a.size() == 0 || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

using test_support::said;

}  // namespace matrices
