// QR of a block column by recursion, with the T of its reflections: nearly all of the arithmetic is
// matrix products. Source: Elmroth and Gustavson, "Applying recursion to serial and parallel QR
// factorization leads to better performance", 2000; ?geqrt3, ?tpqrt2.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>

#include "lambdapack/kernel/detail/householder.hpp"
#include "lambdapack/kernel/detail/reflectors.hpp"

namespace lambdapack::kernel::detail {

/// Columns at which the recursion ends, measured: vector operations are fast with real numbers
/// only.
template <Scalar T>
inline constexpr std::int64_t panel_base = std::is_floating_point_v<T> ? 32 : 8;

/// Column j of T from V^H v_j above its diagonal and tau on it. Source: ?larft.
template <Scalar T>
void finish_column_of_t(std::int64_t j, T* t, std::int64_t ldt) {
  T* column = t + j * ldt;
  const T tau = column[j];
  for (std::int64_t i = 0; i < j; ++i) {
    T sum{};
    for (std::int64_t k = i; k < j; ++k) sum += product(t[i + k * ldt], column[k]);
    column[i] = -product(tau, sum);
  }
}

/// Joins the T of two halves: `t12` holds V1^H V2 and becomes -T1 (V1^H V2) T2.
template <Scalar T>
void join_t(std::int64_t n1, std::int64_t n2, T* t, std::int64_t ldt) {
  T* t12 = t + n1 * ldt;
  blas::trmm(blas::Side::left, blas::Uplo::upper, blas::Trans::none, blas::Diag::non_unit, n1, n2,
             T(-1), t, ldt, t12, ldt);
  blas::trmm(blas::Side::right, blas::Uplo::upper, blas::Trans::none, blas::Diag::non_unit, n1, n2,
             T(1), t12 + n1, ldt, t12, ldt);
}

template <Scalar T>
void qr_base(std::int64_t m, std::int64_t n, T* a, std::int64_t lda, T* t, std::int64_t ldt) {
  for (std::int64_t j = 0; j < n; ++j) {
    const std::int64_t below = m - j - 1;
    T* diagonal = a + j + j * lda;
    const T* v = diagonal + 1;
    const T tau = larfg(*diagonal, below, diagonal + 1);
    t[j + j * ldt] = tau;
    T* right = a + j + (j + 1) * lda;
    T w[panel_base<T>];
    dots(below, v, right + 1, lda, n - j - 1, w);
    for (std::int64_t k = 0; k < n - j - 1; ++k) {
      w[k] = -product(conjugate(tau), right[k * lda] + w[k]);
      right[k * lda] += w[k];
    }
    rank_one(below, v, w, right + 1, lda, n - j - 1);
    dots(below, v, a + j + 1, lda, j, t + j * ldt);
    for (std::int64_t i = 0; i < j; ++i)
      t[i + j * ldt] = conjugate(a[j + i * lda] + t[i + j * ldt]);
    finish_column_of_t(j, t, ldt);
  }
}

/// QR of the m x n matrix A, m >= n: R on and above the diagonal, V below it, the n x n upper
/// triangle T.
template <Scalar T>
void qr_panel(std::int64_t m, std::int64_t n, T* a, std::int64_t lda, T* t, std::int64_t ldt) {
  if (n <= panel_base<T>) return qr_base(m, n, a, lda, t, ldt);
  const std::int64_t n1 = n / 2, n2 = n - n1;
  T* right = a + n1 * lda;
  T* t2 = t + n1 + n1 * ldt;
  qr_panel(m, n1, a, lda, t, ldt);
  apply_left(
      {.length = m, .width = n1, .v = written_out(m, n1, a, lda), .ldv = m, .t = t, .ldt = ldt},
      Apply::adjoint, n2, static_cast<T*>(nullptr), 0, right, lda);
  qr_panel(m - n1, n2, right + n1, lda, t2, ldt);
  const T* v2 = written_out(m - n1, n2, right + n1, lda);
  blas::gemm(blas::Trans::conj_transpose, blas::Trans::none, n1, n2, m - n1, T(1), a + n1, lda, v2,
             m - n1, T(0), t + n1 * ldt, ldt);
  join_t(n1, n2, t, ldt);
}

template <Scalar T>
void qr_below_base(std::int64_t n, T* r, std::int64_t ldr, std::int64_t m, T* b, std::int64_t ldb,
                   T* t, std::int64_t ldt) {
  for (std::int64_t j = 0; j < n; ++j) {
    const T* v = b + j * ldb;
    const T tau = larfg(r[j + j * ldr], m, b + j * ldb);
    t[j + j * ldt] = tau;
    T* right = b + (j + 1) * ldb;
    T w[panel_base<T>];
    dots(m, v, right, ldb, n - j - 1, w);
    for (std::int64_t k = 0; k < n - j - 1; ++k) {
      w[k] = -product(conjugate(tau), r[j + (j + 1 + k) * ldr] + w[k]);
      r[j + (j + 1 + k) * ldr] += w[k];
    }
    rank_one(m, v, w, right, ldb, n - j - 1);
    dots(m, v, b, ldb, j, t + j * ldt);
    for (std::int64_t i = 0; i < j; ++i) t[i + j * ldt] = conjugate(t[i + j * ldt]);
    finish_column_of_t(j, t, ldt);
  }
}

/// QR of an n x n upper triangle R on top of the m x n matrix B: the new R, V in place of B (below
/// an identity), the n x n upper triangle T. What is below R's diagonal is not touched.
template <Scalar T>
void qr_below_panel(std::int64_t n, T* r, std::int64_t ldr, std::int64_t m, T* b, std::int64_t ldb,
                    T* t, std::int64_t ldt) {
  if (n <= panel_base<T>) return qr_below_base(n, r, ldr, m, b, ldb, t, ldt);
  const std::int64_t n1 = n / 2, n2 = n - n1;
  T* right = b + n1 * ldb;
  T* t12 = t + n1 * ldt;
  qr_below_panel(n1, r, ldr, m, b, ldb, t, ldt);
  apply_left(
      {.length = m, .width = n1, .v = b, .ldv = ldb, .t = t, .ldt = ldt, .below_identity = true},
      Apply::adjoint, n2, r + n1 * ldr, ldr, right, ldb);
  qr_below_panel(n2, r + n1 + n1 * ldr, ldr, m, right, ldb, t12 + n1, ldt);
  blas::gemm(blas::Trans::conj_transpose, blas::Trans::none, n1, n2, m, T(1), b, ldb, right, ldb,
             T(0), t12, ldt);
  join_t(n1, n2, t, ldt);
}

}  // namespace lambdapack::kernel::detail
