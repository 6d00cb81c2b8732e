// The matrices that every dgetrf and dgemm is given, and the checks of what they give back: norms
// are estimated with vectors of random signs, as in spd_matrix.hpp.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "spd_matrix.hpp"

namespace bench {

using Vector = std::vector<double>;

/// Element (i, j) of an n x n matrix without structure; each `which` is another one.
inline double general_element(std::int64_t which, std::int64_t i, std::int64_t j, std::int64_t n) {
  return noise(static_cast<std::uint64_t>((which * n + i) * n + j));
}

inline Vector random_signs(std::int64_t n) {
  Vector x;
  for (std::int64_t i = 0; i < n; ++i)
    x.push_back(noise(~static_cast<std::uint64_t>(i)) < 0 ? -1 : 1);
  return x;
}

/// A x of such a matrix, and ||A||^2 in the Frobenius norm.
inline std::pair<Vector, double> general_product(std::int64_t which, std::int64_t n,
                                                 const Vector& x) {
  Vector y(x.size());
  double norm2 = 0;
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j < n; ++j) {
      const double a = general_element(which, i, j, n);
      y[static_cast<std::size_t>(i)] += a * x[static_cast<std::size_t>(j)];
      norm2 += a * a;
    }
  return {std::move(y), norm2};
}

inline double distance(const Vector& x, const Vector& y) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += (x[i] - y[i]) * (x[i] - y[i]);
  return std::sqrt(sum);
}

inline constexpr double rounding = std::numeric_limits<double>::epsilon() / 2;

/// ||A - P^T L U|| / (n ||A|| eps), `element(i, j)` of L and U in one, row s exchanged with row
/// pivots[s] - 1.
template <class Element, class Pivot>
double lu_residual(std::int64_t n, const Element& element, const std::vector<Pivot>& pivots) {
  const auto size = static_cast<std::size_t>(n);
  const Vector x = random_signs(n);
  const auto [expected, norm2] = general_product(0, n, x);
  Vector u_x(size), y(size);
  for (std::size_t j = 0; j < size; ++j)
    for (std::size_t i = 0; i <= j; ++i) u_x[i] += element(i, j) * x[j];
  for (std::size_t j = 0; j < size; ++j) {
    y[j] += u_x[j];
    for (std::size_t i = j + 1; i < size; ++i) y[i] += element(i, j) * u_x[j];
  }
  for (std::size_t s = size; s-- > 0;) std::swap(y[s], y[static_cast<std::size_t>(pivots[s]) - 1]);
  return distance(expected, y) / (static_cast<double>(n) * std::sqrt(norm2) * rounding);
}

/// ||C - A B|| / (n ||A|| ||B|| eps) of the first two general matrices.
template <class Element>
double gemm_residual(std::int64_t n, const Element& element) {
  const auto size = static_cast<std::size_t>(n);
  const Vector x = random_signs(n);
  const auto [b_x, b_norm2] = general_product(1, n, x);
  const auto [expected, a_norm2] = general_product(0, n, b_x);
  Vector y(size);
  for (std::size_t j = 0; j < size; ++j)
    for (std::size_t i = 0; i < size; ++i) y[i] += element(i, j) * x[j];
  return distance(expected, y) / (static_cast<double>(n) * std::sqrt(a_norm2 * b_norm2) * rounding);
}

}  // namespace bench
