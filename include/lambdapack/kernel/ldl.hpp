// L D L^H factorizations of tiles without pivoting, by recursion: nearly all of the arithmetic is
// in large products.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "lambdapack/kernel/blas.hpp"
#include "lambdapack/kernel/dense.hpp"
#include "lambdapack/kernel/detail/cholesky.hpp"
#include "lambdapack/kernel/fault.hpp"

namespace lambdapack::kernel {

namespace detail {

/// The lower triangle of C := C - W L^H, C n x n, W and L n x k.
template <Scalar T>
void subtract_lower(std::int64_t n, std::int64_t k, const T* w, std::int64_t ldw, const T* l,
                    std::int64_t ldl, T* c, std::int64_t ldc) {
  if (n == 0 || k == 0) return;
  if (n <= potrf_base_order) {
    std::vector<T> square(static_cast<std::size_t>(n * n));
    blas::gemm(blas::Trans::none, blas::Trans::conj_transpose, n, n, k, T(1), w, ldw, l, ldl, T(0),
               square.data(), n);
    for (std::int64_t j = 0; j < n; ++j)
      for (std::int64_t i = j; i < n; ++i)
        c[i + j * ldc] -= square[static_cast<std::size_t>(i + j * n)];
    return;
  }
  const std::int64_t half = half_of(n);
  subtract_lower(half, k, w, ldw, l, ldl, c, ldc);
  blas::gemm(blas::Trans::none, blas::Trans::conj_transpose, n - half, half, k, T(-1), w + half,
             ldw, l, ldl, T(1), c + half, ldc);
  subtract_lower(n - half, k, w + half, ldw, l + half, ldl, c + half + half * ldc, ldc);
}

/// W := B, B := B D^-1, where D is the diagonal at `d`; m x n.
template <Scalar T>
void divide_by_diagonal(std::int64_t m, std::int64_t n, const T* d, std::int64_t ldd, T* b,
                        std::int64_t ldb, T* w, std::int64_t ldw) {
  for (std::int64_t j = 0; j < n; ++j) {
    std::copy_n(b + j * ldb, m, w + j * ldw);
    const real_t<T> pivot = std::real(d[j + j * ldd]);
    for (std::int64_t i = 0; i < m; ++i) b[i + j * ldb] /= pivot;
  }
}

/// A = L D L^H of a small A, column by column. `first` is the row of the tile at which A begins.
template <Scalar T>
void ldl_base(std::int64_t n, T* a, std::int64_t lda, std::int64_t first, std::int64_t block) {
  for (std::int64_t j = 0; j < n; ++j) {
    T* column = a + j * lda;
    const real_t<T> pivot = std::real(column[j]);
    if (pivot == 0 || !std::isfinite(pivot)) throw zero_pivot(first + j, block);
    column[j] = pivot;
    for (std::int64_t k = j + 1; k < n; ++k) {
      const T factor = conjugate(column[k]) / pivot;
      for (std::int64_t i = k; i < n; ++i) a[i + k * lda] -= product(column[i], factor);
    }
    for (std::int64_t i = j + 1; i < n; ++i) column[i] /= pivot;
  }
}

/// The lower triangle of the n x n matrix A becomes L, unit lower, and D of A = L D L^H.
template <Scalar T>
void ldl_recursive(std::int64_t n, T* a, std::int64_t lda, std::int64_t first, std::int64_t block) {
  if (n <= trsm_base_order) return ldl_base(n, a, lda, first, block);
  const std::int64_t half = half_of(n), rest = n - half;
  T* const below = a + half;
  ldl_recursive(half, a, lda, first, block);
  blas::trsm(blas::Side::right, blas::Uplo::lower, blas::Trans::conj_transpose, blas::Diag::unit,
             rest, half, T(1), a, lda, below, lda);
  std::vector<T> w(static_cast<std::size_t>(rest * half));
  divide_by_diagonal(rest, half, a, lda, below, lda, w.data(), rest);
  subtract_lower(rest, half, w.data(), rest, below, lda, below + half * lda, lda);
  ldl_recursive(rest, below + half * lda, lda, first + half, block);
}

}  // namespace detail

/// A = L D L^H of diagonal tile `block`, Hermitian (or symmetric), without pivoting: its lower
/// triangle becomes L, unit lower, and on the diagonal D. Throws zero_pivot, with the triangle
/// partly overwritten. Source: Golub and Van Loan, "Matrix computations", 4.1.
template <Scalar T>
void ldl(inout<T> a, std::int64_t block) {
  detail::check_shapes(a.rows() == a.cols(), "ldl", "A", a, "A", a, "A must be square");
  detail::ldl_recursive(a.rows(), a.data(), a.rows(), 0, block);
}

/// A tile below one that holds L and D: W := A L^-H, which is its L times D, and A := W D^-1.
template <Scalar T>
void ldl_below(inout<T> a, out<T> w, in<T> d) {
  detail::check_shapes(d.rows() == d.cols() && d.rows() == a.cols(), "ldl", "D", d, "A", a,
                       "D must be square, with as many columns as A");
  w.resize(a.rows(), a.cols());
  blas::trsm(blas::Side::right, blas::Uplo::lower, blas::Trans::conj_transpose, blas::Diag::unit,
             a.rows(), a.cols(), T(1), d.data(), d.rows(), a.data(), a.rows());
  detail::divide_by_diagonal(a.rows(), a.cols(), d.data(), d.rows(), a.data(), a.rows(), w.data(),
                             w.rows());
}

/// Tile (i, j) of what is left: C := C - W L^H; of a tile with i == j only the lower triangle.
template <Scalar T>
void ldl_update(inout<T> c, in<T> w, in<T> l, std::int64_t i, std::int64_t j) {
  detail::check_shapes(w.cols() == l.cols() && c.rows() == w.rows() && c.cols() == l.rows(), "ldl",
                       "W", w, "L", l, "they must fit C = C - W L^H");
  if (i == j)
    return detail::subtract_lower(c.rows(), w.cols(), w.data(), w.rows(), l.data(), l.rows(),
                                  c.data(), c.rows());
  blas::gemm(blas::Trans::none, blas::Trans::conj_transpose, c.rows(), c.cols(), w.cols(), T(-1),
             w.data(), w.rows(), l.data(), l.rows(), T(1), c.data(), c.rows());
}

/// B := D^-1 B.
template <Scalar T>
void ldl_divide(inout<T> b, in<T> d) {
  detail::check_shapes(d.rows() == b.rows() && d.cols() == b.rows(), "ldl", "D", d, "B", b,
                       "D must be square, with as many rows as B");
  for (std::int64_t j = 0; j < b.cols(); ++j)
    for (std::int64_t i = 0; i < b.rows(); ++i) b(i, j) /= std::real(d(i, i));
}

}  // namespace lambdapack::kernel
