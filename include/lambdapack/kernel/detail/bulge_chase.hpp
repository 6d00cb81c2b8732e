// An upper band of width b to a bidiagonal matrix by Householder reflections that chase the bulge
// down the band, a block of it at a time: every step works on 2 b x b numbers, in the cache.
// Source: Haidar, Kurzak, Luszczek, "An improved parallel singular value algorithm and its
// implementation for multicore hardware", 2013.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "lambdapack/kernel/detail/householder.hpp"
#include "lambdapack/kernel/detail/qr_tile.hpp"
#include "lambdapack/tile/dense.hpp"

namespace lambdapack::kernel::detail {

/// Diagonals of a square matrix, `above` of them above the main one and `rows` altogether, seen
/// through up to three tiles of `columns` columns each, the first of which begins at column
/// `origin`. A band of `width` is in them, with room for a bulge. Column j of a tile holds the
/// elements of column j that are on these diagonals.
template <Scalar T>
class Diagonals {
 public:
  Diagonals(std::int64_t order, std::int64_t width, std::int64_t above, std::int64_t rows,
            std::int64_t origin, std::int64_t columns, std::array<T*, 3> tiles)
      : order_(order),
        width_(width),
        above_(above),
        rows_(rows),
        origin_(origin),
        columns_(columns),
        tiles_(tiles) {}

  std::int64_t order() const { return order_; }
  std::int64_t width() const { return width_; }
  /// From an element to its neighbour in the row, within a tile.
  std::int64_t stride() const { return rows_ - 1; }

  /// Element (i, j).
  T& operator()(std::int64_t i, std::int64_t j) const {
    const std::int64_t column = j - origin_, tile = column / columns_;
    return tiles_[static_cast<std::size_t>(tile)]
                 [above_ + i - j + (column - tile * columns_) * rows_];
  }

  /// use(k, count, &(*this)(i, j + k)) for each run of columns among j to end - 1 in one tile.
  template <class Use>
  void for_each_run(std::int64_t i, std::int64_t j, std::int64_t end, Use use) const {
    for (std::int64_t k = j; k < end;) {
      const std::int64_t next = end_of_run(k, end);
      use(k - j, next - k, &(*this)(i, k));
      k = next;
    }
  }

  /// The column, up to `end`, behind those that are in the tile of column j.
  std::int64_t end_of_run(std::int64_t j, std::int64_t end) const {
    return std::min(end, j + columns_ - (j - origin_) % columns_);
  }

 private:
  std::int64_t order_, width_, above_, rows_, origin_, columns_;
  std::array<T*, 3> tiles_;
};

/// An upper band: the elements between the diagonals 2 width above and width below.
template <Scalar T>
class Band : public Diagonals<T> {
 public:
  static std::int64_t rows(std::int64_t width) { return 3 * width + 1; }

  Band(std::int64_t order, std::int64_t width, std::int64_t origin, std::int64_t columns,
       std::array<T*, 3> tiles)
      : Diagonals<T>(order, width, 2 * width, rows(width), origin, columns, tiles) {}
  /// All of it in one tile.
  Band(std::int64_t order, std::int64_t width, tile::Dense<T>& tile)
      : Band(order, width, 0, std::max<std::int64_t>(1, order), {tile.data(), nullptr, nullptr}) {}
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
T chase_right(const Band<T>& b, std::int64_t row, std::int64_t first, std::int64_t last, T* v,
              T* work) {
  const std::int64_t length = last - first, rows = last - row - 1, stride = b.stride();
  T *w = work, *factors = work + rows;
  for (std::int64_t j = 0; j < length; ++j) v[j] = conjugate(b(row, first + j));
  const T tau = larfg(v[0], length - 1, v + 1);
  b(row, first) = v[0];
  v[0] = T(1);
  for (std::int64_t j = 1; j < length; ++j) b(row, first + j) = T{};
  std::fill_n(w, rows, T{});
  for (std::int64_t j = 0; j < length; ++j) factors[j] = product(tau, v[j]);
  b.for_each_run(row + 1, first, last, [&](std::int64_t k, std::int64_t count, const T* c) {
    combine(rows, c, stride, factors + k, count, w);
  });
  for (std::int64_t j = 0; j < length; ++j) factors[j] = -conjugate(v[j]);
  b.for_each_run(row + 1, first, last, [&](std::int64_t k, std::int64_t count, T* c) {
    rank_one(rows, w, factors + k, c, stride, count);
  });
  return tau;
}

/// Rows first to last - 1: a reflection v from the left leaves one element of column `first`.
/// `work` has room for 2 widths.
template <Scalar T>
T chase_left(const Band<T>& b, std::int64_t first, std::int64_t last, T* v, T* work) {
  const std::int64_t length = last - first, stride = b.stride();
  const std::int64_t end = std::min(last + b.width(), b.order()), others = end - first - 1;
  T* c = &b(first, first);
  std::copy_n(c, length, v);
  const T tau = larfg(v[0], length - 1, v + 1);
  c[0] = v[0];
  v[0] = T(1);
  std::fill_n(c + 1, length - 1, T{});
  b.for_each_run(first, first + 1, end, [&](std::int64_t k, std::int64_t count, const T* block) {
    dots(length, v, block, stride, count, work + k);
  });
  for (std::int64_t j = 0; j < others; ++j) work[j] = -product(conjugate(tau), work[j]);
  b.for_each_run(first, first + 1, end, [&](std::int64_t k, std::int64_t count, T* block) {
    rank_one(length, v, work + k, block, stride, count);
  });
  return tau;
}

/// The steps of a sweep that begin at column `first` and every `width` columns after it, before
/// column `end`. The reflections of U and V are kept if asked for.
template <Scalar T>
void chase_sweep(const Band<T>& b, std::int64_t sweep, std::int64_t first, std::int64_t end,
                 Chase<T>* u = nullptr, Chase<T>* v = nullptr) {
  T* vector = scratch<T>(Scratch::vectors, 4 * b.width());
  T* work = vector + b.width();
  for (; first < std::min(end, b.order()); first += b.width()) {
    const std::int64_t row = std::max(sweep, first - b.width());
    const std::int64_t last = std::min(first + b.width(), b.order());
    const T right = chase_right(b, row, first, last, vector, work);
    if (v != nullptr) v->keep(sweep, first, last - first, vector, right);
    const T left = chase_left(b, first, last, vector, work);
    if (u != nullptr) u->keep(sweep, first, last - first, vector, left);
  }
}

/// The band becomes bidiagonal and real, U^H B V.
template <Scalar T>
void chase(const Band<T>& b, Chase<T>& u, Chase<T>& v) {
  for (std::int64_t sweep = 0; sweep + 1 < b.order(); ++sweep)
    chase_sweep(b, sweep, sweep + 1, b.order(), &u, &v);
}

/// Sweeps that one task of a chase in parallel makes a part of, and the columns of its tiles.
inline constexpr std::int64_t chase_sweeps = 2;
inline std::int64_t chase_columns(std::int64_t width) { return 2 * chase_sweeps * width; }

/// The part of group number `group` of sweeps in the window that is the second of three tiles. The
/// window of each sweep begins 2 widths before that of the sweep before, for a step may be made
/// when the sweep before has gone two steps further.
template <class B>
void chase_window(const B& b, std::int64_t group, std::int64_t begin) {
  for (std::int64_t k = 0; k < chase_sweeps; ++k) {
    const std::int64_t sweep = group * chase_sweeps + k, from = begin - 2 * b.width() * k;
    if (sweep + 1 >= b.order()) return;
    const std::int64_t behind = std::max<std::int64_t>(0, from - sweep - 1);
    const std::int64_t steps = (behind + b.width() - 1) / b.width();
    chase_sweep(b, sweep, sweep + 1 + steps * b.width(), from + chase_columns(b.width()));
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
