// The matrix that every dpotrf is given, and the check of what it gives back.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace bench {

/// A number in [-1/2, 1/2) that looks random (the finaliser of splitmix64).
inline double noise(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  x ^= x >> 31;
  return static_cast<double>(x >> 11) * 0x1p-53 - 0.5;
}

/// Element (i, j) of a symmetric, positive definite n x n matrix.
inline double spd_element(std::int64_t i, std::int64_t j, std::int64_t n) {
  if (i < j) std::swap(i, j);
  const double x = noise(static_cast<std::uint64_t>(i * n + j));
  return i == j ? x + static_cast<double>(n) : x;
}

/// ||A - L L^T|| / (n ||A|| eps) in the Frobenius norm, A as above and L the lower triangle of an
/// n x n column-major matrix. The numerator is an estimate: the root mean square of
/// ||(A - L L^T) x|| over vectors x of random signs has the norm as its expectation.
inline double cholesky_residual(std::int64_t n, const double* l) {
  constexpr std::size_t vectors = 4;
  using Row = std::array<double, vectors>;
  const auto size = static_cast<std::size_t>(n);
  std::vector<Row> x(size), difference(size, Row{}), lt_x(size, Row{});
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t v = 0; v < vectors; ++v) x[i][v] = noise(~(i * vectors + v)) < 0 ? -1 : 1;

  const auto add = [](Row& y, double factor, const Row& z) {
    for (std::size_t v = 0; v < vectors; ++v) y[v] += factor * z[v];
  };
  double norm2_of_a = 0;
  for (std::size_t j = 0; j < size; ++j)
    for (std::size_t i = j; i < size; ++i) {
      const double a = spd_element(static_cast<std::int64_t>(i), static_cast<std::int64_t>(j), n);
      norm2_of_a += i == j ? a * a : 2 * a * a;
      add(difference[i], a, x[j]);
      if (i != j) add(difference[j], a, x[i]);
      add(lt_x[j], l[i + j * size], x[i]);
    }
  for (std::size_t j = 0; j < size; ++j)
    for (std::size_t i = j; i < size; ++i) add(difference[i], -l[i + j * size], lt_x[j]);

  double sum = 0;
  for (const Row& row : difference)
    for (double d : row) sum += d * d;
  const double eps = std::numeric_limits<double>::epsilon() / 2;
  return std::sqrt(sum / vectors) / (static_cast<double>(n) * std::sqrt(norm2_of_a) * eps);
}

}  // namespace bench
