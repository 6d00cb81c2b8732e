// The matrix that every dgeqrf and every singular value decomposition is given, and the checks of
// what they give back.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "spd_matrix.hpp"

namespace bench {

/// Element (i, j) of an n x n matrix of random numbers.
inline double random_element(std::int64_t i, std::int64_t j, std::int64_t n) {
  return noise(static_cast<std::uint64_t>(i + j * n));
}

/// That matrix, column-major.
inline std::vector<double> random_matrix(std::int64_t n) {
  std::vector<double> a(static_cast<std::size_t>(n * n));
  for (std::size_t k = 0; k < a.size(); ++k) a[k] = noise(k);
  return a;
}

/// Columns of the matrices of random signs that the check of a QR multiplies with.
inline constexpr std::int64_t signs_columns = 4;

inline double random_sign(std::int64_t i, std::int64_t j) {
  return noise(~static_cast<std::uint64_t>(i * signs_columns + j)) < 0 ? -1 : 1;
}

/// R X, n x signs_columns, with X of random signs; r(i, j) is element (i, j) of R, i <= j.
template <class R>
std::vector<double> r_times_signs(std::int64_t n, R r) {
  std::vector<double> y(static_cast<std::size_t>(n * signs_columns));
  for (std::int64_t j = 0; j < n; ++j)
    for (std::int64_t i = 0; i <= j; ++i)
      for (std::int64_t c = 0; c < signs_columns; ++c)
        y[static_cast<std::size_t>(i + c * n)] += r(i, j) * random_sign(j, c);
  return y;
}

/// ||A - Q R|| / (n ||A|| eps) in the Frobenius norm, estimated from `y`, which is Q R X.
inline double qr_residual(std::int64_t n, std::vector<double> y) {
  double norm2 = 0, sum = 0;
  for (std::int64_t j = 0; j < n; ++j)
    for (std::int64_t i = 0; i < n; ++i) {
      const double a = random_element(i, j, n);
      norm2 += a * a;
      for (std::int64_t c = 0; c < signs_columns; ++c)
        y[static_cast<std::size_t>(i + c * n)] -= a * random_sign(j, c);
    }
  for (const double d : y) sum += d * d;
  const double eps = std::numeric_limits<double>::epsilon() / 2;
  return std::sqrt(sum / signs_columns) / (static_cast<double>(n) * std::sqrt(norm2) * eps);
}

/// | ||s|| - ||A|| | / (n ||A|| eps), with the singular values s and the Frobenius norm of A.
inline double values_residual(std::int64_t n, const std::vector<double>& values) {
  double norm2 = 0, sum = 0;
  for (std::int64_t k = 0; k < n * n; ++k) {
    const double a = noise(static_cast<std::uint64_t>(k));
    norm2 += a * a;
  }
  for (const double s : values) sum += s * s;
  const double eps = std::numeric_limits<double>::epsilon() / 2;
  const double norm = std::sqrt(norm2);
  return std::abs(std::sqrt(sum) - norm) / (static_cast<double>(n) * norm * eps);
}

}  // namespace bench
