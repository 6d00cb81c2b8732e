// Kernels of LU without pivoting and of QR, written for clarity: reflectors one by one, no blocks.
#pragma once

#include <cmath>
#include <cstdint>

#include <lambdapack/lambdapack.hpp>

namespace plain_programs {

/// A becomes L and U of A = L U; the diagonal of L is 1 and not stored.
inline void getrf(lp::inout<double> a) {
  for (std::int64_t k = 0; k < std::min(a.rows(), a.cols()); ++k)
    for (std::int64_t i = k + 1; i < a.rows(); ++i) {
      a(i, k) /= a(k, k);
      for (std::int64_t j = k + 1; j < a.cols(); ++j) a(i, j) -= a(i, k) * a(k, j);
    }
}

/// B := L^-1 B, with L as getrf has left it.
inline void solve_lower(lp::in<double> l, lp::inout<double> b) {
  for (std::int64_t j = 0; j < b.cols(); ++j)
    for (std::int64_t i = 0; i < b.rows(); ++i)
      for (std::int64_t k = 0; k < i; ++k) b(i, j) -= l(i, k) * b(k, j);
}

/// B := B U^-1, with U as getrf has left it.
inline void solve_upper(lp::in<double> u, lp::inout<double> b) {
  for (std::int64_t i = 0; i < b.rows(); ++i)
    for (std::int64_t j = 0; j < b.cols(); ++j) {
      for (std::int64_t k = 0; k < j; ++k) b(i, j) -= b(i, k) * u(k, j);
      b(i, j) /= u(j, j);
    }
}

/// One Householder reflector I - tau v v^T, v = (1, x), that maps (alpha, x) to (beta, 0). Returns
/// tau; alpha becomes beta, and x the rest of v.
template <class Element>
double reflector(double& alpha, std::int64_t n, Element x) {
  double sum = 0;
  for (std::int64_t i = 0; i < n; ++i) sum += x(i) * x(i);
  if (sum == 0) return 0;
  const double beta = alpha > 0 ? -std::sqrt(alpha * alpha + sum) : std::sqrt(alpha * alpha + sum);
  const double tau = (beta - alpha) / beta;
  for (std::int64_t i = 0; i < n; ++i) x(i) /= alpha - beta;
  alpha = beta;
  return tau;
}

/// Applies the reflector (tau, v) to one column (c, y).
template <class V, class Y>
void reflect(double tau, std::int64_t n, V v, double& c, Y y) {
  double sum = c;
  for (std::int64_t i = 0; i < n; ++i) sum += v(i) * y(i);
  c -= tau * sum;
  for (std::int64_t i = 0; i < n; ++i) y(i) -= tau * sum * v(i);
}

/// A becomes R, with the reflectors below its diagonal; T, one row, their factors tau.
inline void geqrt(lp::inout<double> a, lp::out<double> t) {
  t.resize(1, a.cols());
  for (std::int64_t k = 0; k < a.cols(); ++k) {
    const std::int64_t n = std::max<std::int64_t>(a.rows() - k - 1, 0);
    const auto v = [&](std::int64_t i) -> double& { return a(k + 1 + i, k); };
    t(0, k) = k < a.rows() ? reflector(a(k, k), n, v) : 0;
    for (std::int64_t j = k + 1; k < a.rows() && j < a.cols(); ++j)
      reflect(t(0, k), n, v, a(k, j), [&](std::int64_t i) -> double& { return a(k + 1 + i, j); });
  }
}

/// C := Q^T C, with Q as geqrt has left it in V and T.
inline void unmqr(lp::in<double> v, lp::in<double> t, lp::inout<double> c) {
  for (std::int64_t k = 0; k < std::min(v.rows(), v.cols()); ++k)
    for (std::int64_t j = 0; j < c.cols(); ++j)
      reflect(
          t(0, k), v.rows() - k - 1, [&](std::int64_t i) { return v(k + 1 + i, k); }, c(k, j),
          [&](std::int64_t i) -> double& { return c(k + 1 + i, j); });
}

/// QR of R on top of B: R becomes the new R, B the reflectors, T their factors.
inline void tsqrt(lp::inout<double> r, lp::inout<double> b, lp::out<double> t) {
  t.resize(1, b.cols());
  for (std::int64_t k = 0; k < b.cols(); ++k) {
    const auto v = [&](std::int64_t i) -> double& { return b(i, k); };
    t(0, k) = reflector(r(k, k), b.rows(), v);
    for (std::int64_t j = k + 1; j < b.cols(); ++j)
      reflect(t(0, k), b.rows(), v, r(k, j), [&](std::int64_t i) -> double& { return b(i, j); });
  }
}

/// (C, D) := Q^T (C, D), with Q as tsqrt has left it in V and T.
inline void tsmqr(lp::inout<double> c, lp::inout<double> d, lp::in<double> v, lp::in<double> t) {
  for (std::int64_t k = 0; k < v.cols(); ++k)
    for (std::int64_t j = 0; j < c.cols(); ++j)
      reflect(
          t(0, k), v.rows(), [&](std::int64_t i) { return v(i, k); }, c(k, j),
          [&](std::int64_t i) -> double& { return d(i, j); });
}

}  // namespace plain_programs
