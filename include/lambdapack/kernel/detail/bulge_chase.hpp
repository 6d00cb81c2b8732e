// An upper band to a bidiagonal matrix by Householder reflections that chase the bulge down the
// band, a block of it at a time: every step works on 2 b x b numbers that stay in the cache.
// Source: Haidar, Kurzak, Luszczek, "An improved parallel singular value algorithm and its
// implementation for multicore hardware", 2013.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "lambdapack/kernel/detail/householder.hpp"
#include "lambdapack/kernel/detail/qr_tile.hpp"
#include "lambdapack/tile/dense.hpp"

namespace lambdapack::kernel::detail {

/// A square matrix of order n with `width` diagonals above the main one, and room for the bulge.
template <Scalar T>
class Band {
 public:
  Band(std::int64_t order, std::int64_t width)
      : order_(order), width_(width), data_(tile::Dense<T>::zeros(3 * width + 1, order)) {}

  std::int64_t order() const { return order_; }
  std::int64_t width() const { return width_; }
  /// Element (i, j), between the diagonals -width and 2 width.
  T& operator()(std::int64_t i, std::int64_t j) {
    return data_.data()[2 * width_ + i + j * stride()];
  }
  /// From an element to its neighbour in the row.
  std::int64_t stride() const { return 3 * width_; }

 private:
  std::int64_t order_, width_;
  tile::Dense<T> data_;
};

/// The reflections of one side of a chase. Sweep s has its vectors in column s, from row s + 1 on,
/// in pieces of `width`; piece p has its tau in tau(p, s).
template <Scalar T>
struct Chase {
  std::int64_t width = 1;
  tile::Dense<T> v, tau;

  Chase(std::int64_t order, std::int64_t band_width)
      : width(band_width),
        v(tile::Dense<T>::zeros(order, order)),
        tau(tile::Dense<T>::zeros(order / band_width + 1, order)) {}

  void keep(std::int64_t sweep, std::int64_t first, std::int64_t length, const T* vector,
            T factor) {
    std::copy_n(vector, length, v.data() + first + sweep * v.rows());
    tau((first - sweep - 1) / width, sweep) = factor;
  }
};

/// Columns first to last - 1: a reflection v from the right leaves one element of row `row`. `work`
/// has room for 3 widths.
template <Scalar T>
T chase_right(Band<T>& b, std::int64_t row, std::int64_t first, std::int64_t last, T* v, T* work) {
  const std::int64_t length = last - first, rows = last - row - 1, stride = b.stride();
  T *w = work, *factors = work + rows;
  for (std::int64_t j = 0; j < length; ++j) v[j] = conjugate(b(row, first + j));
  const T tau = larfg(v[0], length - 1, v + 1);
  b(row, first) = v[0];
  v[0] = T(1);
  for (std::int64_t j = 1; j < length; ++j) b(row, first + j) = T{};
  T* c = &b(row + 1, first);
  std::fill_n(w, rows, T{});
  for (std::int64_t j = 0; j < length; ++j) factors[j] = product(tau, v[j]);
  combine(rows, c, stride, factors, length, w);
  for (std::int64_t j = 0; j < length; ++j) factors[j] = -conjugate(v[j]);
  rank_one(rows, w, factors, c, stride, length);
  return tau;
}

/// Rows first to last - 1: a reflection v from the left leaves one element of column `first`.
/// `work` has room for 2 widths.
template <Scalar T>
T chase_left(Band<T>& b, std::int64_t first, std::int64_t last, T* v, T* work) {
  const std::int64_t length = last - first, stride = b.stride();
  const std::int64_t others = std::min(last + b.width(), b.order()) - first - 1;
  T* c = &b(first, first);
  std::copy_n(c, length, v);
  const T tau = larfg(v[0], length - 1, v + 1);
  c[0] = v[0];
  v[0] = T(1);
  std::fill_n(c + 1, length - 1, T{});
  dots(length, v, c + stride, stride, others, work);
  for (std::int64_t j = 0; j < others; ++j) work[j] = -product(conjugate(tau), work[j]);
  rank_one(length, v, work, c + stride, stride, others);
  return tau;
}

/// The band becomes bidiagonal and real, U^H B V; the reflections of U and V are kept if asked for.
template <Scalar T>
void chase(Band<T>& b, Chase<T>* u, Chase<T>* v) {
  const std::int64_t n = b.order(), width = b.width();
  std::vector<T> vector(static_cast<std::size_t>(width)), work(static_cast<std::size_t>(3 * width));
  for (std::int64_t sweep = 0; sweep + 1 < n; ++sweep)
    for (std::int64_t row = sweep, first = sweep + 1; first < n;) {
      const std::int64_t last = std::min(first + width, n);
      const T right = chase_right(b, row, first, last, vector.data(), work.data());
      if (v != nullptr) v->keep(sweep, first, last - first, vector.data(), right);
      const T left = chase_left(b, first, last, vector.data(), work.data());
      if (u != nullptr) u->keep(sweep, first, last - first, vector.data(), left);
      row = first;
      first = last;
    }
}

/// Sweeps whose reflections are applied at once.
inline constexpr std::int64_t chase_group = 32;

/// The pieces number `piece` of `sweeps` sweeps from `sweep` on, as one block on rows `first` to
/// first + length - 1. Those below the last row are left out.
template <Scalar T>
Reflectors<T> chase_block(const tile::Dense<T>& v, const tile::Dense<T>& tau, std::int64_t width,
                          std::int64_t sweep, std::int64_t sweeps, std::int64_t piece) {
  const std::int64_t first = sweep + 1 + piece * width;
  const std::int64_t count = std::min(sweeps, v.rows() - first);
  const std::int64_t length = std::min(width + count - 1, v.rows() - first);
  T* vectors = scratch<T>(Scratch::vectors, length * count);
  T* t = scratch<T>(Scratch::factors, count * count);
  std::fill_n(vectors, length * count, T{});
  for (std::int64_t j = 0; j < count; ++j)
    std::copy_n(v.data() + first + j + (sweep + j) * v.rows(), std::min(width, length - j),
                vectors + j + j * length);
  blas::gemm(blas::Trans::conj_transpose, blas::Trans::none, count, count, length, T(1), vectors,
             length, vectors, length, T(0), t, count);
  for (std::int64_t j = 0; j < count; ++j) {
    t[j + j * count] = tau(piece, sweep + j);
    finish_column_of_t(j, t, count);
  }
  return {.length = length, .width = count, .v = vectors, .ldv = length, .t = t, .ldt = count};
}

/// X := Q X with the reflections of one side of a chase; X has n rows and `cols` columns. They are
/// applied a group of sweeps at a time, and of those a piece at a time: pieces of different numbers
/// commute unless the later sweep's is the one above.
template <Scalar T>
void apply_chase(const tile::Dense<T>& v, const tile::Dense<T>& tau, std::int64_t width, T* x,
                 std::int64_t cols) {
  const std::int64_t n = v.rows(), group = std::min(chase_group, width);
  for_each_block(n - 1, group, false, [&](std::int64_t sweep, std::int64_t sweeps) {
    for (std::int64_t piece = 0, first = sweep + 1; first < n; ++piece, first += width)
      apply_left(chase_block(v, tau, width, sweep, sweeps, piece), Apply::plain, cols,
                 static_cast<T*>(nullptr), 0, x + first, n);
  });
}

}  // namespace lambdapack::kernel::detail
