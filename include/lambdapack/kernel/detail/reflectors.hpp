// Many Householder reflections at once, Q = I - V T V^H with T upper triangular, so that applying
// them is matrix products. Source: Schreiber and Van Loan, "A storage-efficient WY representation
// for products of Householder transformations", 1989.
#pragma once

#include <algorithm>
#include <cstdint>

#include "lambdapack/kernel/blas.hpp"
#include "lambdapack/kernel/detail/cholesky.hpp"
#include "lambdapack/tile/dense.hpp"

namespace lambdapack::kernel::detail {

/// What a thread's scratch memory is used for: one piece for each.
enum class Scratch { product, vectors, tile, other_tile, factors, count };

/// Scratch memory of this thread for `size` elements; their values are not kept.
template <Scalar T>
T* scratch(Scratch purpose, std::int64_t size) {
  thread_local tile::Dense<T> pieces[static_cast<int>(Scratch::count)];
  tile::Dense<T>& piece = pieces[static_cast<int>(purpose)];
  if (piece.rows() < size) piece = tile::Dense<T>(size, 1);
  return piece.data();
}

/// B := A, m x n. Source: ?lacpy.
template <Scalar T>
void copy_block(std::int64_t m, std::int64_t n, const T* a, std::int64_t lda, T* b,
                std::int64_t ldb) {
  for (std::int64_t j = 0; j < n; ++j) std::copy_n(a + j * lda, m, b + j * ldb);
}

/// B := A^H, where B is m x n.
template <Scalar T>
void copy_adjoint(std::int64_t m, std::int64_t n, const T* a, std::int64_t lda, T* b,
                  std::int64_t ldb) {
  constexpr std::int64_t block = 16;
  for (std::int64_t j0 = 0; j0 < n; j0 += block)
    for (std::int64_t i0 = 0; i0 < m; i0 += block)
      for (std::int64_t j = j0; j < std::min(j0 + block, n); ++j)
        for (std::int64_t i = i0; i < std::min(i0 + block, m); ++i)
          b[i + j * ldb] = conjugate(a[j + i * lda]);
}

/// C := C - W, m x n.
template <Scalar T>
void subtract(std::int64_t m, std::int64_t n, const T* w, std::int64_t ldw, T* c,
              std::int64_t ldc) {
  for (std::int64_t j = 0; j < n; ++j)
    for (std::int64_t i = 0; i < m; ++i) c[i + j * ldc] -= w[i + j * ldw];
}

/// `width` reflections on vectors of `length` elements, or of width + length if `below_identity`:
/// V then is I on top of what is stored. What is stored is V, or V^H if `by_rows`.
template <Scalar T>
struct Reflectors {
  std::int64_t length = 0, width = 0;
  const T* v = nullptr;
  std::int64_t ldv = 0;
  const T* t = nullptr;
  std::int64_t ldt = 0;
  bool below_identity = false;
  bool by_rows = false;

  blas::Trans plain() const { return by_rows ? blas::Trans::conj_transpose : blas::Trans::none; }
  blas::Trans adjoint() const { return by_rows ? blas::Trans::none : blas::Trans::conj_transpose; }
};

/// Whether Q or Q^H is applied.
enum class Apply { plain, adjoint };

inline blas::Trans trans_of(Apply what) {
  return what == Apply::plain ? blas::Trans::none : blas::Trans::conj_transpose;
}

/// C := Q C or Q^H C, C length x n; with an identity on top, (top, C) so, top width x n. Source:
/// ?larfb, ?tprfb.
template <Scalar T>
void apply_left(const Reflectors<T>& q, Apply what, std::int64_t n, T* top, std::int64_t ldtop,
                T* c, std::int64_t ldc) {
  if (q.width == 0 || n == 0) return;
  const bool is_pair = q.below_identity && top != nullptr;
  T* w = scratch<T>(Scratch::product, q.width * n);
  if (is_pair) copy_block(q.width, n, top, ldtop, w, q.width);
  blas::gemm(q.adjoint(), blas::Trans::none, q.width, n, q.length, T(1), q.v, q.ldv, c, ldc,
             T(is_pair ? 1 : 0), w, q.width);
  blas::trmm(blas::Side::left, blas::Uplo::upper, trans_of(what), blas::Diag::non_unit, q.width, n,
             T(1), q.t, q.ldt, w, q.width);
  if (is_pair) subtract(q.width, n, w, q.width, top, ldtop);
  blas::gemm(q.plain(), blas::Trans::none, q.length, n, q.width, T(-1), q.v, q.ldv, w, q.width,
             T(1), c, ldc);
}

/// C := C Q or C Q^H, C n x length; with an identity on top, (first, C) so, first n x width.
/// Source: ?larfb, ?tprfb.
template <Scalar T>
void apply_right(const Reflectors<T>& q, Apply what, std::int64_t n, T* first, std::int64_t ldfirst,
                 T* c, std::int64_t ldc) {
  if (q.width == 0 || n == 0) return;
  const bool is_pair = q.below_identity && first != nullptr;
  T* w = scratch<T>(Scratch::product, q.width * n);
  if (is_pair) copy_block(n, q.width, first, ldfirst, w, n);
  blas::gemm(blas::Trans::none, q.plain(), n, q.width, q.length, T(1), c, ldc, q.v, q.ldv,
             T(is_pair ? 1 : 0), w, n);
  blas::trmm(blas::Side::right, blas::Uplo::upper, trans_of(what), blas::Diag::non_unit, n, q.width,
             T(1), q.t, q.ldt, w, n);
  if (is_pair) subtract(n, q.width, w, n, first, ldfirst);
  blas::gemm(blas::Trans::none, q.adjoint(), n, q.length, q.width, T(-1), w, n, q.v, q.ldv, T(1), c,
             ldc);
}

/// A copy of a length x width V with its unit triangle written out: V, stored below the diagonal of
/// `v`, or V^H, stored right of it. Lives until this thread asks for another.
template <Scalar T>
const T* written_out(std::int64_t length, std::int64_t width, const T* v, std::int64_t ldv,
                     bool by_rows = false) {
  T* copy = scratch<T>(Scratch::vectors, length * width);
  if (by_rows)
    copy_adjoint(length, width, v, ldv, copy, length);
  else
    copy_block(length, width, v, ldv, copy, length);
  for (std::int64_t j = 0; j < width; ++j) {
    std::fill_n(copy + j * length, j, T{});
    copy[j + j * length] = T(1);
  }
  return copy;
}

}  // namespace lambdapack::kernel::detail
