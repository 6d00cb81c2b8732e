// Householder reflections one by one.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "lambdapack/kernel/detail/columns.hpp"
#include "lambdapack/tile/dense.hpp"

namespace lambdapack::kernel::detail {

/// x := factor x. Source: ?scal.
template <Scalar T>
void scal(std::int64_t n, T factor, T* x) {
  for (std::int64_t i = 0; i < n; ++i) x[i] = product(factor, x[i]);
}

/// x := 2^exponent x.
template <Scalar T>
T scaled(T x, int exponent) {
  if constexpr (std::is_floating_point_v<T>)
    return std::scalbn(x, exponent);
  else
    return T(std::scalbn(x.real(), exponent), std::scalbn(x.imag(), exponent));
}

/// The largest real or imaginary part among alpha and x.
template <Scalar T>
real_t<T> largest_part(T alpha, std::int64_t n, const T* x) {
  const auto part = [](T z) { return std::max(std::abs(std::real(z)), std::abs(std::imag(z))); };
  real_t<T> largest = part(alpha);
  for (std::int64_t i = 0; i < n; ++i) largest = std::max(largest, part(x[i]));
  return largest;
}

/// larfg where no square overflows or underflows.
template <Scalar T>
T larfg_in_range(T& alpha, std::int64_t n, T* x, real_t<T> square_of_x) {
  using R = real_t<T>;
  const R real = std::real(alpha), imaginary = std::imag(alpha);
  if (square_of_x == 0 && imaginary == 0) return T{};
  const R norm = std::sqrt(real * real + imaginary * imaginary + square_of_x);
  const R beta = real < 0 ? norm : -norm;
  T tau;
  if constexpr (std::is_floating_point_v<T>)
    tau = (beta - real) / beta;
  else
    tau = T((beta - real) / beta, -imaginary / beta);
  scal(n, T(1) / (alpha - T(beta)), x);
  alpha = T(beta);
  return tau;
}

/// A reflection H = I - tau (1, v)(1, v)^H with H^H (alpha, x) = (beta, 0): x becomes v, alpha
/// becomes beta, which is real, and tau is returned; 0 for H = I. x has n elements. Source: ?larfg.
template <Scalar T>
T larfg(T& alpha, std::int64_t n, T* x) {
  using R = real_t<T>;
  constexpr R low = std::numeric_limits<R>::min() / std::numeric_limits<R>::epsilon();
  constexpr R high = R(1) / low;
  const R square_of_x = std::real(dot(n, x, x));
  const R square = square_of_x + std::norm(alpha);
  if (square >= low && square <= high) return larfg_in_range(alpha, n, x, square_of_x);

  const R largest = largest_part(alpha, n, x);
  if (!(largest > 0 && largest <= std::numeric_limits<R>::max()))
    return larfg_in_range(alpha, n, x, square_of_x);
  const int exponent = std::ilogb(largest);
  alpha = scaled(alpha, -exponent);
  for (std::int64_t i = 0; i < n; ++i) x[i] = scaled(x[i], -exponent);
  const T tau = larfg_in_range(alpha, n, x, std::real(dot(n, x, x)));
  alpha = scaled(alpha, exponent);
  return tau;
}

}  // namespace lambdapack::kernel::detail
