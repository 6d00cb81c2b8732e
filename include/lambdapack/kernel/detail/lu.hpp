// LU factorization of a panel by recursion (Toledo, "Locality of reference in LU decomposition with
// partial pivoting", 1997): nearly all of the arithmetic becomes large products.
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

#include "lambdapack/kernel/blas.hpp"
#include "lambdapack/kernel/detail/cholesky.hpp"
#include "lambdapack/kernel/detail/columns.hpp"
#include "lambdapack/kernel/detail/triangular.hpp"
#include "lambdapack/tile/dense.hpp"

namespace lambdapack::kernel::detail {

/// Columns at which the recursion ends, measured.
inline constexpr std::int64_t getrf_base_columns = 32;

/// |x|, or |Re x| + |Im x|: what LAPACK compares pivots by.
template <Scalar T>
real_t<T> pivot_size(T x) {
  if constexpr (std::is_floating_point_v<T>)
    return std::abs(x);
  else
    return std::abs(x.real()) + std::abs(x.imag());
}

/// The first row from `first` on with the largest element of a column of m rows.
template <Scalar T>
std::int64_t largest_row(std::int64_t first, std::int64_t m, const T* column) {
#if defined(__x86_64__)
  if constexpr (std::is_floating_point_v<T>)
    if (has_avx2) {
      const T largest = largest_avx2(m - first, column + first);
      std::int64_t row = first;
      if (!(largest > std::abs(column[first]))) return row;
      while (std::abs(column[row]) != largest) ++row;
      return row;
    }
#endif
  std::int64_t row = first;
  real_t<T> largest = pivot_size(column[first]);
  for (std::int64_t i = first + 1; i < m; ++i)
    if (const real_t<T> size = pivot_size(column[i]); size > largest) {
      largest = size;
      row = i;
    }
  return row;
}

/// Exchanges rows `from` to `to` - 1 of n columns, each with the row that `swaps` says.
template <Scalar T>
void exchange_rows(std::int64_t n, T* a, std::int64_t lda, std::int64_t from, std::int64_t to,
                   const std::int64_t* swaps) {
  for (std::int64_t j = 0; j < n; ++j) {
    T* column = a + j * lda;
    for (std::int64_t s = from; s < to; ++s) std::swap(column[s], column[swaps[s]]);
  }
}

/// An LU factorization under way: A is m rows high, swaps and the first zero pivot (or -1) are
/// found.
template <Scalar T, bool pivoting>
struct Elimination {
  std::int64_t m;
  T* a;
  std::int64_t lda;
  std::int64_t* swaps;
  std::int64_t zero = -1;

  T* at(std::int64_t i, std::int64_t j) const { return a + i + j * lda; }

  /// Factors columns `first` to `end` - 1, of which what is to their left has been subtracted.
  void columns(std::int64_t first, std::int64_t end) {
    if (end - first <= getrf_base_columns) return base(first, end);
    const std::int64_t left = (end - first) / 2 / getrf_base_columns * getrf_base_columns;
    const std::int64_t middle = first + std::max(left, getrf_base_columns);
    columns(first, middle);
    const std::int64_t width = middle - first, rest = end - middle;
    exchange(middle, end, first, middle);
    const Triangle<T> l{
        blas::Uplo::lower, blas::Trans::none, blas::Diag::unit, width, at(first, first), lda};
    solve_left(l, rest, at(first, middle), lda);
    if (m > middle)
      blas::gemm(blas::Trans::none, blas::Trans::none, m - middle, rest, width, T(-1),
                 at(middle, first), lda, at(first, middle), lda, T(1), at(middle, middle), lda);
    columns(middle, end);
    exchange(first, middle, middle, end);
  }

 private:
  void exchange(std::int64_t column, std::int64_t end, std::int64_t from, std::int64_t to) const {
    if constexpr (pivoting) exchange_rows(end - column, at(0, column), lda, from, to, swaps);
  }

  /// The same without BLIS, four columns after the others.
  void base(std::int64_t first, std::int64_t end) {
    for (std::int64_t step = first; step < end; step += 4) {
      const std::int64_t last = std::min(step + 4, end);
      for (std::int64_t j = step; j < last; ++j) subtract_above(first, step, j);
      if (last - step == 4)
        subtract_product_4(m - step, step - first, at(step, first), lda, at(first, step), lda,
                           at(step, step), lda);
      else
        for (std::int64_t j = step; j < last; ++j)
          subtract_columns(m - step, step - first, at(step, first), lda, at(first, j), at(step, j));
      few(first, step, last, end);
    }
  }

  /// Rows `first` to `step` - 1 of column j, from what is to their left.
  void subtract_above(std::int64_t first, std::int64_t step, std::int64_t j) const {
    T* column = at(0, j);
    for (std::int64_t k = first; k < step; ++k)
      for (std::int64_t i = k + 1; i < step; ++i) column[i] -= product(*at(i, k), column[k]);
  }

  /// Factors columns `step` to `last` - 1, a column after the other; rows are exchanged from column
  /// `first` to `end` - 1.
  void few(std::int64_t first, std::int64_t step, std::int64_t last, std::int64_t end) {
    for (std::int64_t j = step; j < last; ++j) {
      T* column = at(0, j);
      subtract_above(step, j, j);
      subtract_columns(m - j, j - step, at(j, step), lda, column + step, column + j);
      if constexpr (pivoting) {
        swaps[j] = largest_row(j, m, column);
        if (swaps[j] != j) exchange_rows(end - first, at(0, first), lda, j, j + 1, swaps);
      }
      if (column[j] != T(0))
        divide(m - j - 1, column + j + 1, column[j]);
      else if (zero < 0)
        zero = j;
    }
  }
};

/// A = P L U of an m x n matrix: A becomes L, unit lower, and U; row s was exchanged with
/// swaps[s] >= s, of min(m, n) rows. Returns the first column with a pivot of exactly zero, or -1.
/// Source: ?getrf.
template <Scalar T, bool pivoting = true>
std::int64_t getrf(std::int64_t m, std::int64_t n, T* a, std::int64_t lda, std::int64_t* swaps) {
  const std::int64_t steps = std::min(m, n);
  if (steps == 0) return -1;
  Elimination<T, pivoting> elimination{m, a, lda, swaps};
  elimination.columns(0, steps);
  if (n > steps) {
    T* right = a + steps * lda;
    if constexpr (pivoting) exchange_rows(n - steps, right, lda, 0, steps, swaps);
    solve_left<T>({blas::Uplo::lower, blas::Trans::none, blas::Diag::unit, steps, a, lda},
                  n - steps, right, lda);
  }
  return elimination.zero;
}

}  // namespace lambdapack::kernel::detail
