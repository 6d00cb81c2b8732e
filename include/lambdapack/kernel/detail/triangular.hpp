// Triangular solves by recursion: nearly all of the arithmetic becomes large products. BLIS's own
// trsm reaches half of their speed with real numbers, and a tenth with small triangles, which are
// done here without it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "lambdapack/kernel/blas.hpp"
#include "lambdapack/kernel/detail/cholesky.hpp"
#include "lambdapack/kernel/detail/columns.hpp"
#include "lambdapack/tile/dense.hpp"

namespace lambdapack::kernel::detail {

/// From how many right-hand sides on the inverse of a small triangle pays, measured.
inline constexpr std::int64_t worth_inverting = 96;

/// How large the largest element of a small triangle times that of its inverse may be.
inline constexpr int harmless_growth = 64;

/// A triangular matrix of order n as an operand: op(A).
template <Scalar T>
struct Triangle {
  blas::Uplo part;
  blas::Trans op;
  blas::Diag diagonal;
  std::int64_t n;
  const T* data;
  std::int64_t ld;

  bool is_lower() const { return (part == blas::Uplo::lower) == (op == blas::Trans::none); }
  /// The triangle of `order` rows from row and column `first` on.
  Triangle block(std::int64_t first, std::int64_t order) const {
    return {part, op, diagonal, order, data + first + first * ld, ld};
  }
  /// The stored block beside two triangles, the first of order `half`; op applies to it too.
  const T* beside(std::int64_t half) const {
    return part == blas::Uplo::lower ? data + half : data + half * ld;
  }
  /// Element (i, j) of op(A), i != j.
  T element(std::int64_t i, std::int64_t j) const {
    if (op == blas::Trans::none) return data[i + j * ld];
    return op == blas::Trans::transpose ? data[j + i * ld] : conjugate(data[j + i * ld]);
  }
};

/// column := column - A x for a column of m rows, A m x n and x of n elements.
template <Scalar T>
void subtract_columns(std::int64_t m, std::int64_t n, const T* a, std::int64_t lda, const T* x,
                      T* __restrict__ column) {
  std::int64_t k = 0;
  for (; k + 4 <= n; k += 4) {
    const T x0 = x[k], x1 = x[k + 1], x2 = x[k + 2], x3 = x[k + 3];
    const T *a0 = a + k * lda, *a1 = a0 + lda, *a2 = a1 + lda, *a3 = a2 + lda;
    for (std::int64_t i = 0; i < m; ++i)
      column[i] -=
          (product(a0[i], x0) + product(a1[i], x1)) + (product(a2[i], x2) + product(a3[i], x3));
  }
  for (; k < n; ++k)
    for (std::int64_t i = 0; i < m; ++i) column[i] -= product(a[i + k * lda], x[k]);
}

/// A small op(A), copied so that its columns are contiguous, and its solves without BLIS.
template <Scalar T>
class SmallTriangle {
 public:
  explicit SmallTriangle(const Triangle<T>& a) : n_(a.n), lower_(a.is_lower()) {
    for (std::int64_t j = 0; j < n_; ++j) {
      for (std::int64_t i = lower_ ? j + 1 : 0; i < (lower_ ? n_ : j); ++i)
        *at(i, j) = a.element(i, j);
      const T d = a.diagonal == blas::Diag::unit ? T(1) : a.element(j, j);
      *at(j, j) = d;
      by_factor_ = by_factor_ && has_reciprocal(d);
      factor_[j] = T(1) / d;
    }
  }

  /// b := op(A)^-1 b for one column.
  void solve_left(T* b) const {
    for (std::int64_t step = 0; step < n_; step += panel_width) {
      const std::int64_t end = std::min(step + panel_width, n_);
      if (lower_) {
        for (std::int64_t k = step; k < end; ++k) {
          b[k] = divided(b[k], k);
          for (std::int64_t i = k + 1; i < end; ++i) b[i] -= product(*at(i, k), b[k]);
        }
        subtract_columns(n_ - end, end - step, at(end, step), order, b + step, b + end);
      } else {
        const std::int64_t first = n_ - end, last = n_ - step;
        for (std::int64_t k = last - 1; k >= first; --k) {
          b[k] = divided(b[k], k);
          for (std::int64_t i = first; i < k; ++i) b[i] -= product(*at(i, k), b[k]);
        }
        subtract_columns(first, last - first, at(0, first), order, b + first, b);
      }
    }
  }

  /// B := B op(A)^-1, B of m rows.
  void solve_right(std::int64_t m, T* b, std::int64_t ldb) const {
    for (std::int64_t step = 0; step < n_; ++step) {
      const std::int64_t j = lower_ ? n_ - 1 - step : step;
      const std::int64_t solved = lower_ ? j + 1 : 0;
      T* column = b + j * ldb;
      subtract_columns(m, step, b + solved * ldb, ldb, at(solved, j), column);
      for (std::int64_t i = 0; i < m; ++i) column[i] = divided(column[i], j);
    }
  }

  /// Makes of op(A) its inverse, unless its elements are so large, or so small those of A, that
  /// products with it would be less accurate than solves, or not all are finite. Whether it did.
  bool invert() {
    T* inverse = inverse_;
    std::fill_n(inverse, order * order, T(0));
    real_t<T> largest = 0, largest_inverse = 0;
    bool finite = true;
    for (std::int64_t j = 0; j < n_; ++j) {
      inverse[j + j * order] = T(1);
      solve_left(inverse + j * order);
      for (std::int64_t i = 0; i < n_; ++i) {
        if (lower_ ? i >= j : i <= j) largest = std::max(largest, std::abs(*at(i, j)));
        largest_inverse = std::max(largest_inverse, std::abs(inverse[i + j * order]));
        finite = finite && std::isfinite(std::abs(inverse[i + j * order]));
      }
    }
    return finite && largest * largest_inverse <= harmless_growth;
  }
  const T* inverse() const { return inverse_; }
  std::int64_t size() const { return n_; }

  /// Order of the largest, measured.
  static constexpr std::int64_t order = 32;

 private:
  T* at(std::int64_t i, std::int64_t j) { return elements_ + i + j * order; }
  const T* at(std::int64_t i, std::int64_t j) const { return elements_ + i + j * order; }
  T divided(T x, std::int64_t j) const {
    return by_factor_ ? product(x, factor_[j]) : x / *at(j, j);
  }

  std::int64_t n_;
  bool lower_;
  bool by_factor_ = true;
  T factor_[order];
  T elements_[order * order];
  T inverse_[order * order];
};

/// A copy of an m x n matrix.
template <Scalar T>
tile::Dense<T> copy_of(std::int64_t m, std::int64_t n, const T* a, std::int64_t lda) {
  tile::Dense<T> copy(m, n);
  for (std::int64_t j = 0; j < n; ++j) std::copy_n(a + j * lda, m, copy.data() + j * m);
  return copy;
}

/// An Inf or NaN times a zero of an inverse would reach elements that do not depend on it.
template <Scalar T>
bool all_finite(const tile::Dense<T>& elements) {
  return std::all_of(elements.data(), elements.data() + elements.size(),
                     [](const T& x) { return std::isfinite(std::abs(x)); });
}

/// Whether BLIS's trsm is the faster one for this many right-hand sides: with complex numbers, and
/// where BLIS has an optimised kernel for it. Not where it cannot solve: see has_reciprocals.
template <Scalar T>
bool blis_solves_best(const Triangle<T>& a, std::int64_t right_hand_sides) {
  if (a.diagonal == blas::Diag::non_unit && !has_reciprocals(a.n, a.data, a.ld)) return false;
  if constexpr (!std::is_floating_point_v<T>) return true;
  constexpr blis::Type type = std::same_as<T, double> ? blis::Type::real64 : blis::Type::real32;
  static const bool optimised = [] {
    constexpr int gemmtrsm = 1, optimised_kernel = 2;
    blis::init();
    return blis::l3_ukr_impl_type(gemmtrsm, blis::Method::native, type) == optimised_kernel;
  }();
  return optimised && right_hand_sides >= worth_inverting;
}

/// B := op(A)^-1 B of a small triangle, B of n columns.
template <Scalar T>
void solve_left_small(SmallTriangle<T> a, std::int64_t n, T* b, std::int64_t ldb) {
  if (n >= worth_inverting && a.invert()) {
    const tile::Dense<T> copy = copy_of(a.size(), n, b, ldb);
    if (all_finite(copy))
      return blas::gemm(blas::Trans::none, blas::Trans::none, a.size(), n, a.size(), T(1),
                        a.inverse(), a.order, copy.data(), a.size(), T(0), b, ldb);
  }
  for (std::int64_t j = 0; j < n; ++j) a.solve_left(b + j * ldb);
}

/// B := B op(A)^-1 of a small triangle, B of m rows.
template <Scalar T>
void solve_right_small(SmallTriangle<T> a, std::int64_t m, T* b, std::int64_t ldb) {
  if (m >= worth_inverting && a.invert()) {
    const tile::Dense<T> copy = copy_of(m, a.size(), b, ldb);
    if (all_finite(copy))
      return blas::gemm(blas::Trans::none, blas::Trans::none, m, a.size(), a.size(), T(1),
                        copy.data(), m, a.inverse(), a.order, T(0), b, ldb);
  }
  for (std::int64_t i = 0; i < m; i += base_rows)
    a.solve_right(std::min(base_rows, m - i), b + i, ldb);
}

/// B := op(A)^-1 B, B of n columns.
template <Scalar T>
void solve_left(const Triangle<T>& a, std::int64_t n, T* b, std::int64_t ldb) {
  if (n == 0) return;
  if (blis_solves_best(a, n))
    return blas::trsm(blas::Side::left, a.part, a.op, a.diagonal, a.n, n, T(1), a.data, a.ld, b,
                      ldb);
  if (a.n <= SmallTriangle<T>::order) return solve_left_small(SmallTriangle<T>(a), n, b, ldb);
  const std::int64_t half = half_of(a.n), rest = a.n - half;
  if (a.is_lower()) {
    solve_left(a.block(0, half), n, b, ldb);
    add_product(a.op, rest, n, half, T(-1), a.beside(half), a.ld, b, ldb, b + half, ldb);
    solve_left(a.block(half, rest), n, b + half, ldb);
  } else {
    solve_left(a.block(half, rest), n, b + half, ldb);
    add_product(a.op, half, n, rest, T(-1), a.beside(half), a.ld, b + half, ldb, b, ldb);
    solve_left(a.block(0, half), n, b, ldb);
  }
}

/// B := B op(A)^-1, B of m rows.
template <Scalar T>
void solve_right(const Triangle<T>& a, std::int64_t m, T* b, std::int64_t ldb) {
  if (m == 0) return;
  if (blis_solves_best(a, m))
    return blas::trsm(blas::Side::right, a.part, a.op, a.diagonal, m, a.n, T(1), a.data, a.ld, b,
                      ldb);
  if (a.n <= SmallTriangle<T>::order) return solve_right_small(SmallTriangle<T>(a), m, b, ldb);
  const std::int64_t half = half_of(a.n), rest = a.n - half;
  if (a.is_lower()) {
    solve_right(a.block(half, rest), m, b + half * ldb, ldb);
    blas::gemm(blas::Trans::none, a.op, m, half, rest, T(-1), b + half * ldb, ldb, a.beside(half),
               a.ld, T(1), b, ldb);
    solve_right(a.block(0, half), m, b, ldb);
  } else {
    solve_right(a.block(0, half), m, b, ldb);
    blas::gemm(blas::Trans::none, a.op, m, rest, half, T(-1), b, ldb, a.beside(half), a.ld, T(1),
               b + half * ldb, ldb);
    solve_right(a.block(half, rest), m, b + half * ldb, ldb);
  }
}

}  // namespace lambdapack::kernel::detail
