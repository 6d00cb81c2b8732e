// Cholesky and the triangular solve that goes with it, by recursion: nearly all of the arithmetic
// becomes large products, which BLIS does at full speed. Its own trsm reaches half of that with
// real numbers, and its calls cost 2 to 7 microseconds, so small blocks are done here without it.
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "lambdapack/kernel/blas.hpp"
#include "lambdapack/kernel/fault.hpp"
#include "lambdapack/tile/dense.hpp"

namespace lambdapack::kernel::detail {

/// Orders at which the recursions end, measured.
inline constexpr std::int64_t potrf_base_order = 64;
inline constexpr std::int64_t trsm_base_order = 32;

/// Columns that one pass over the columns to their right applies.
inline constexpr std::int64_t panel_width = 4;

/// Rows of a right-hand side that stay in the first-level cache during a small solve.
inline constexpr std::int64_t base_rows = 64;

template <Scalar T>
T conjugate(T x) {
  if constexpr (std::is_floating_point_v<T>)
    return x;
  else
    return std::conj(x);
}

/// a * b by the textbook formula. The operator of std::complex looks for NaNs after every product.
template <Scalar T>
T product(T a, T b) {
  if constexpr (std::is_floating_point_v<T>)
    return a * b;
  else
    return T(a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real());
}

/// About half of n: a multiple of trsm_base_order, and 0 < half < n for every n above that.
inline std::int64_t half_of(std::int64_t n) {
  return (n / 2 + trsm_base_order - 1) / trsm_base_order * trsm_base_order;
}

/// c := c - A l^H for a column c of m rows, A m x width and l a row of `width` elements.
template <Scalar T>
void subtract_panel(std::int64_t m, std::int64_t width, const T* a, std::int64_t lda, const T* l,
                    std::int64_t ldl, T* __restrict__ c) {
  if (width == panel_width) {
    const T l0 = conjugate(l[0]), l1 = conjugate(l[ldl]);
    const T l2 = conjugate(l[2 * ldl]), l3 = conjugate(l[3 * ldl]);
    const T *a0 = a, *a1 = a + lda, *a2 = a + 2 * lda, *a3 = a + 3 * lda;
    for (std::int64_t i = 0; i < m; ++i)
      c[i] -= (product(a0[i], l0) + product(a1[i], l1)) + (product(a2[i], l2) + product(a3[i], l3));
    return;
  }
  for (std::int64_t k = 0; k < width; ++k) {
    const T factor = conjugate(l[k * ldl]);
    for (std::int64_t i = 0; i < m; ++i) c[i] -= product(a[i + k * lda], factor);
  }
}

/// Whether 1 / x does not overflow.
template <Scalar T>
bool has_reciprocal(T x) {
  return std::abs(x) >= std::numeric_limits<real_t<T>>::min();
}

/// The same of all n elements on a diagonal. BLIS's trsm multiplies by their reciprocals.
template <Scalar T>
bool has_reciprocals(std::int64_t n, const T* a, std::int64_t lda) {
  for (std::int64_t j = 0; j < n; ++j)
    if (!has_reciprocal(a[j + j * lda])) return false;
  return true;
}

/// x := x / divisor for a column of m rows.
template <Scalar T, class D>
void divide(std::int64_t m, T* x, D divisor) {
  if (!has_reciprocal(divisor)) {
    for (std::int64_t i = 0; i < m; ++i) x[i] /= divisor;
    return;
  }
  const D factor = D(1) / divisor;
  for (std::int64_t i = 0; i < m; ++i) x[i] = product(x[i], T(factor));
}

/// B := B L^-H without BLIS; L n x n lower triangular, B m x n.
template <Scalar T>
void trsm_base(std::int64_t m, std::int64_t n, const T* l, std::int64_t ldl, T* b,
               std::int64_t ldb) {
  for (std::int64_t panel = 0; panel < n; panel += panel_width) {
    const std::int64_t end = std::min(panel + panel_width, n);
    for (std::int64_t j = panel; j < end; ++j) {
      subtract_panel(m, j - panel, b + panel * ldb, ldb, l + j + panel * ldl, ldl, b + j * ldb);
      divide(m, b + j * ldb, conjugate(l[j + j * ldl]));
    }
    for (std::int64_t j = end; j < n; ++j)
      subtract_panel(m, end - panel, b + panel * ldb, ldb, l + j + panel * ldl, ldl, b + j * ldb);
  }
}

/// B := B L^-H; L n x n lower triangular, B m x n. With complex numbers BLIS is the faster one.
template <Scalar T>
void trsm_recursive(std::int64_t m, std::int64_t n, const T* l, std::int64_t ldl, T* b,
                    std::int64_t ldb) {
  if (m == 0 || n == 0) return;
  if constexpr (!std::is_floating_point_v<T>)
    if (has_reciprocals(n, l, ldl))
      return blas::trsm(blas::Side::right, blas::Uplo::lower, blas::Trans::conj_transpose,
                        blas::Diag::non_unit, m, n, T(1), l, ldl, b, ldb);
  if (n <= trsm_base_order) {
    for (std::int64_t i = 0; i < m; i += base_rows)
      trsm_base(std::min(base_rows, m - i), n, l, ldl, b + i, ldb);
    return;
  }
  const std::int64_t half = half_of(n);
  trsm_recursive(m, half, l, ldl, b, ldb);
  blas::gemm(blas::Trans::none, blas::Trans::conj_transpose, m, n - half, half, T(-1), b, ldb,
             l + half, ldl, T(1), b + half * ldb, ldb);
  trsm_recursive(m, n - half, l + half + half * ldl, ldl, b + half * ldb, ldb);
}

/// The square root of row `row`'s pivot. Throws not_positive_definite.
template <class R>
R root_of_pivot(R pivot, std::int64_t row) {
  if (!(pivot > 0 && pivot <= std::numeric_limits<R>::max()))
    throw not_positive_definite(row, static_cast<double>(pivot));
  return std::sqrt(pivot);
}

/// potrf without BLIS. `first` is the row of the tile at which A begins.
template <Scalar T>
void potrf_base(std::int64_t n, T* a, std::int64_t lda, std::int64_t first) {
  for (std::int64_t panel = 0; panel < n; panel += panel_width) {
    const std::int64_t end = std::min(panel + panel_width, n);
    for (std::int64_t j = panel; j < end; ++j) {
      const T* row = a + j + panel * lda;
      T* column = a + j + j * lda;
      subtract_panel(n - j, j - panel, row, lda, row, lda, column);
      const real_t<T> pivot = root_of_pivot(std::real(*column), first + j);
      *column = pivot;
      divide(n - j - 1, column + 1, pivot);
    }
    for (std::int64_t j = end; j < n; ++j) {
      const T* row = a + j + panel * lda;
      subtract_panel(n - j, end - panel, row, lda, row, lda, a + j + j * lda);
    }
  }
}

/// The lower triangle of the n x n matrix A becomes L of A = L L^H. `first` is the row of the tile
/// at which A begins.
template <Scalar T>
void potrf_recursive(std::int64_t n, T* a, std::int64_t lda, std::int64_t first) {
  if (n <= potrf_base_order) return potrf_base(n, a, lda, first);
  const std::int64_t half = half_of(n);
  T* below = a + half;
  T* rest = below + half * lda;
  potrf_recursive(half, a, lda, first);
  trsm_recursive(n - half, half, a, lda, below, lda);
  blas::herk(blas::Uplo::lower, blas::Trans::none, n - half, half, real_t<T>(-1), below, lda,
             real_t<T>(1), rest, lda);
  potrf_recursive(n - half, rest, lda, first + half);
}

}  // namespace lambdapack::kernel::detail
