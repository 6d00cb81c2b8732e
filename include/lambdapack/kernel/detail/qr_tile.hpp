// QR of whole tiles and the use of its Q, in blocks of `ib` columns. The T of a block is an upper
// triangle in the same columns of a tile of T's.
#pragma once

#include <algorithm>
#include <cstdint>

#include "lambdapack/kernel/detail/qr_panel.hpp"
#include "lambdapack/kernel/detail/reflectors.hpp"

namespace lambdapack::kernel::detail {

/// How the reflections of a tile, or of a pair of tiles, are stored.
enum class Stored { on_diagonal, square, triangle };

/// The Q of a tile (`on_diagonal`: V is below its diagonal), or of a pair (V is the second tile, or
/// that one's upper triangle). `length` x `width` is the shape of V; V^H is stored if `by_rows`.
template <Scalar T>
struct TileQ {
  Stored stored = Stored::square;
  std::int64_t length = 0, width = 0;
  const T* v = nullptr;
  std::int64_t ldv = 0;
  const T* t = nullptr;
  std::int64_t ldt = 0;
  std::int64_t ib = 1;
  bool by_rows = false;

  const T* v_from(std::int64_t column) const { return v + (by_rows ? column : column * ldv); }
};

/// visit(first, width) for the blocks of `ib` among `count` columns, in this order or the other.
template <class Visit>
void for_each_block(std::int64_t count, std::int64_t ib, bool forward, Visit visit) {
  const std::int64_t blocks = (count + ib - 1) / ib;
  for (std::int64_t k = 0; k < blocks; ++k) {
    const std::int64_t first = (forward ? k : blocks - 1 - k) * ib;
    visit(first, std::min(ib, count - first));
  }
}

/// The reflections of one block of a TileQ.
template <Scalar T>
Reflectors<T> block_of(const TileQ<T>& q, std::int64_t first, std::int64_t width) {
  Reflectors<T> block{.length = q.length, .width = width, .t = q.t + first * q.ldt, .ldt = q.ldt};
  if (q.stored == Stored::on_diagonal) {
    block.length -= first;
    block.v = written_out(block.length, width, q.v + first + first * q.ldv, q.ldv, q.by_rows);
    block.ldv = block.length;
    return block;
  }
  if (q.stored == Stored::triangle) block.length = std::min(first + width, q.length);
  block.v = q.v_from(first);
  block.ldv = q.ldv;
  block.below_identity = true;
  block.by_rows = q.by_rows;
  return block;
}

/// (top, C) := Q (top, C) or Q^H (top, C), each with n columns; `top` only for a pair's Q.
template <Scalar T>
void apply_tile_left(const TileQ<T>& q, Apply what, std::int64_t n, T* top, std::int64_t ldtop,
                     T* c, std::int64_t ldc) {
  const bool alone = q.stored == Stored::on_diagonal;
  for_each_block(q.width, q.ib, what == Apply::adjoint, [&](std::int64_t first, std::int64_t w) {
    apply_left(block_of(q, first, w), what, n, alone ? nullptr : top + first, ldtop,
               alone ? c + first : c, ldc);
  });
}

/// (left, C) := (left, C) Q or (left, C) Q^H, each with n rows; `left` only for a pair's Q.
template <Scalar T>
void apply_tile_right(const TileQ<T>& q, Apply what, std::int64_t n, T* left, std::int64_t ldleft,
                      T* c, std::int64_t ldc) {
  const bool alone = q.stored == Stored::on_diagonal;
  for_each_block(q.width, q.ib, what == Apply::plain, [&](std::int64_t first, std::int64_t w) {
    apply_right(block_of(q, first, w), what, n, alone ? nullptr : left + first * ldleft, ldleft,
                alone ? c + first * ldc : c, ldc);
  });
}

/// QR of the m x n matrix A in place.
template <Scalar T>
void qr_tile(std::int64_t m, std::int64_t n, T* a, std::int64_t lda, T* t, std::int64_t ldt,
             std::int64_t ib) {
  for_each_block(std::min(m, n), ib, true, [&](std::int64_t first, std::int64_t width) {
    const std::int64_t end = first + width;
    T* panel = a + first + first * lda;
    qr_panel(m - first, width, panel, lda, t + first * ldt, ldt);
    const T* v = written_out(m - first, width, panel, lda);
    apply_left({.length = m - first,
                .width = width,
                .v = v,
                .ldv = m - first,
                .t = t + first * ldt,
                .ldt = ldt},
               Apply::adjoint, n - end, static_cast<T*>(nullptr), 0, a + first + end * lda, lda);
  });
}

/// QR of the n x n upper triangle R on top of B, m x n: a square, or a triangle with zeros below.
template <Scalar T>
void qr_tile_below(Stored stored, std::int64_t n, T* r, std::int64_t ldr, std::int64_t m, T* b,
                   std::int64_t ldb, T* t, std::int64_t ldt, std::int64_t ib) {
  for_each_block(n, ib, true, [&](std::int64_t first, std::int64_t width) {
    const std::int64_t end = first + width;
    const std::int64_t length = stored == Stored::triangle ? std::min(end, m) : m;
    qr_below_panel(width, r + first + first * ldr, ldr, length, b + first * ldb, ldb,
                   t + first * ldt, ldt);
    apply_left({.length = length,
                .width = width,
                .v = b + first * ldb,
                .ldv = ldb,
                .t = t + first * ldt,
                .ldt = ldt,
                .below_identity = true},
               Apply::adjoint, n - end, r + first + end * ldr, ldr, b + end * ldb, ldb);
  });
}

/// A copy of the upper triangle of the m x n tile `a`, zeros below it. Lives until this thread asks
/// for another.
template <Scalar T>
T* upper_part(std::int64_t m, std::int64_t n, const T* a, std::int64_t lda) {
  T* copy = scratch<T>(Scratch::tile, m * n);
  for (std::int64_t j = 0; j < n; ++j) {
    const std::int64_t rows = std::min(j + 1, m);
    std::copy_n(a + j * lda, rows, copy + j * m);
    std::fill_n(copy + rows + j * m, m - rows, T{});
  }
  return copy;
}

/// The way back: what is below the diagonal of `a` stays.
template <Scalar T>
void put_upper_part(std::int64_t m, std::int64_t n, const T* upper, T* a, std::int64_t lda) {
  for (std::int64_t j = 0; j < n; ++j) std::copy_n(upper + j * m, std::min(j + 1, m), a + j * lda);
}

/// The T's of ttqrt, from where a tile of T's has them: adjoint, in the lower rows. A copy that
/// lives until this thread asks for another.
template <Scalar T>
const T* lower_t(std::int64_t cols, std::int64_t ib, const T* t, std::int64_t ldt) {
  T* upper = scratch<T>(Scratch::factors, ib * cols);
  for_each_block(cols, ib, true, [&](std::int64_t first, std::int64_t width) {
    for (std::int64_t j = 0; j < width; ++j)
      for (std::int64_t i = 0; i <= j; ++i)
        upper[i + (first + j) * ib] = conjugate(t[j + 1 + (first + i) * ldt]);
  });
  return upper;
}

/// The way back.
template <Scalar T>
void put_lower_t(std::int64_t cols, std::int64_t ib, const T* upper, T* t, std::int64_t ldt) {
  for_each_block(cols, ib, true, [&](std::int64_t first, std::int64_t width) {
    for (std::int64_t j = 0; j < width; ++j)
      for (std::int64_t i = 0; i <= j; ++i)
        t[j + 1 + (first + i) * ldt] = conjugate(upper[i + (first + j) * ib]);
  });
}

}  // namespace lambdapack::kernel::detail
