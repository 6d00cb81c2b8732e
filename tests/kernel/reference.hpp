// Tiles of random numbers, and the kernels as plain loops to compare with.
#pragma once

#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <random>

#include "lambdapack/kernel/dense.hpp"

namespace reference {

template <class T>
using Dense = lp::tile::Dense<T>;

/// The orders at which the kernels' recursions and BLIS's blocks begin and end, and odd ones.
inline constexpr std::int64_t orders[] = {0, 1, 2, 3, 5, 8, 31, 32, 33, 64, 65, 97, 130};

inline std::mt19937& generator() {
  static std::mt19937 engine(20260101);
  return engine;
}

inline std::int64_t random_order() { return orders[generator()() % std::size(orders)]; }

template <lp::Scalar T>
T random_element() {
  using R = lp::real_t<T>;
  std::uniform_real_distribution<R> uniform(R(-1), R(1));
  if constexpr (std::is_floating_point_v<T>)
    return uniform(generator());
  else {
    const R real = uniform(generator());
    return T(real, uniform(generator()));
  }
}

template <lp::Scalar T>
Dense<T> random_tile(std::int64_t rows, std::int64_t cols) {
  Dense<T> tile(rows, cols);
  for (std::int64_t j = 0; j < cols; ++j)
    for (std::int64_t i = 0; i < rows; ++i) tile(i, j) = random_element<T>();
  return tile;
}

/// A lower triangle of condition about 10, and NaNs where no kernel may look.
template <lp::Scalar T>
Dense<T> random_triangle(std::int64_t n) {
  Dense<T> l = random_tile<T>(n, n);
  for (std::int64_t j = 0; j < n; ++j) {
    for (std::int64_t i = 0; i < j; ++i) l(i, j) = std::numeric_limits<lp::real_t<T>>::quiet_NaN();
    l(j, j) += T(3);
    for (std::int64_t i = j + 1; i < n; ++i) l(i, j) /= lp::real_t<T>(n);
  }
  return l;
}

/// The lower triangle of a positive definite matrix, and NaNs above.
template <lp::Scalar T>
Dense<T> random_positive_definite(std::int64_t n) {
  Dense<T> a = random_triangle<T>(n);
  for (std::int64_t j = 0; j < n; ++j) a(j, j) = T(std::real(a(j, j)));
  return a;
}

template <lp::Scalar T>
T conj(T x) {
  if constexpr (std::is_floating_point_v<T>)
    return x;
  else
    return std::conj(x);
}

template <lp::Scalar T>
Dense<T> adjoint(const Dense<T>& a) {
  Dense<T> result(a.cols(), a.rows());
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = 0; i < a.rows(); ++i) result(j, i) = conj(a(i, j));
  return result;
}

template <lp::Scalar T>
Dense<T> lower_part(const Dense<T>& a) {
  Dense<T> result = Dense<T>::zeros(a.rows(), a.cols());
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = j; i < a.rows(); ++i) result(i, j) = a(i, j);
  return result;
}

/// C + alpha A B.
template <lp::Scalar T>
Dense<T> product(Dense<T> c, double alpha, const Dense<T>& a, const Dense<T>& b) {
  for (std::int64_t j = 0; j < c.cols(); ++j)
    for (std::int64_t k = 0; k < a.cols(); ++k)
      for (std::int64_t i = 0; i < c.rows(); ++i)
        c(i, j) += lp::real_t<T>(alpha) * a(i, k) * b(k, j);
  return c;
}

template <lp::Scalar T>
Dense<T> product(const Dense<T>& a, const Dense<T>& b) {
  return product(Dense<T>::zeros(a.rows(), b.cols()), 1, a, b);
}

/// The largest element of |a - b|; NaN if there is one.
template <lp::Scalar T>
double difference(const Dense<T>& a, const Dense<T>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double d = std::abs(a.data()[i] - b.data()[i]);
    if (!(d <= largest)) largest = d;
  }
  return largest;
}

/// What rounding may add up to in sums of n terms of size 1.
template <lp::Scalar T>
double rounding(std::int64_t n) {
  return 8.0 * static_cast<double>(n + 4) * std::numeric_limits<lp::real_t<T>>::epsilon();
}

template <lp::Scalar T>
lp::in<T> in(const Dense<T>& tile) {
  return lp::in<T>(&tile);
}
template <lp::Scalar T>
lp::inout<T> inout(Dense<T>& tile) {
  return lp::inout<T>(&tile);
}
template <lp::Scalar T>
lp::out<T> out(Dense<T>& tile) {
  return lp::out<T>(&tile);
}

}  // namespace reference
