// The kernels of a tournament for the columns of a QR: of two tile columns, the best columns
// (Demmel, Grigori, Gu and Xiang, "Communication avoiding rank revealing QR factorization with
// column pivoting", 2015).
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <utility>

#include "lambdapack/codes.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/kernel/argument.hpp"
#include "lambdapack/kernel/detail/qrcp.hpp"
#include "lambdapack/kernel/operations.hpp"
#include "lambdapack/kernel/pivots.hpp"
#include "lambdapack/kernel/qr.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::kernel {

namespace detail {

/// The R of R on top of these tiles, side by side. An empty R stands for zeros.
template <Scalar T>
void stack_tiles(const char* kernel, inout<T> r, std::initializer_list<in<T>> tiles) {
  const std::int64_t rows = tiles.begin()->rows();
  std::int64_t cols = 0;
  for (const in<T>& tile : tiles) {
    check_shapes(tile.rows() == rows, kernel, "the first tile", *tiles.begin(), "another one", tile,
                 "tiles side by side must have as many rows as each other");
    cols += tile.cols();
  }
  give_shape(r, cols, cols);
  check_shapes(r.rows() == cols && r.cols() == cols, kernel, "R", r, "the first tile",
               *tiles.begin(), "R must be square, with the columns of all tiles");
  const std::int64_t ib = inner_block(cols);
  T* const below = scratch<T>(Scratch::other_tile, rows * cols);
  T* to = below;
  for (const in<T>& tile : tiles) to = std::copy_n(tile.data(), rows * tile.cols(), to);
  qr_tile_below(Stored::square, cols, r.data(), cols, rows, below, rows,
                scratch<T>(Scratch::factors, ib * cols), ib, ib);
}

/// Exchanges the columns of a list as these pivots say.
template <Scalar T>
void exchange_listed(const char* kernel, in<Pivots> pivots, std::initializer_list<inout<T>> tiles) {
  std::int64_t cols = 0;
  for (const inout<T>& tile : tiles) cols += tile.cols();
  if (cols != pivots->rows())
    throw input_error(
        text({kernel, ": the pivots are of ", pivots->rows(), " columns, but the tiles have ", cols,
              "; check that they belong to these columns of tiles"}),
        codes::shape_mismatch);
  const auto column = [&](std::int64_t j) {
    auto tile = tiles.begin();
    for (; j >= tile->cols(); ++tile) j -= tile->cols();
    return tile->data() + j * tile->rows();
  };
  const std::int64_t rows = tiles.begin()->rows();
  for (std::int64_t s = 0; s < pivots->count(); ++s)
    if (const std::int64_t p = pivots->swaps()[static_cast<std::size_t>(s)]; p != s)
      std::swap_ranges(column(s), column(s) + rows, column(p));
}

}  // namespace detail

/// R of R, n x n and upper triangular, on top of A and B, side by side, n columns together: no Q is
/// kept. An empty R stands for zeros. Throws input_error. Source: ?tpqrt, L = 0.
template <Scalar T>
void stack_pair(inout<T> r, in<T> a, in<T> b) {
  detail::stack_tiles<T>("stack_pair", r, {a, b});
}

/// The same of R on top of A.
template <Scalar T>
void stack_tile(inout<T> r, in<T> a) {
  detail::stack_tiles<T>("stack_tile", r, {a});
}

/// Of the columns whose triangular factor is R, as many as A has: those that column pivoting
/// chooses, in its order, as exchanges of columns. Throws input_error if R has fewer. Source:
/// ?geqp3.
template <Scalar T>
void choose_columns(out<Pivots> chosen, in<T> r, in<T> a) {
  detail::check_shapes(r.cols() >= a.cols(), "choose_columns", "R", r, "A", a,
                       "R must have the columns of A, and may have those of another tile");
  const std::int64_t m = r.rows(), n = r.cols();
  T* const work = detail::scratch<T>(detail::Scratch::tile, m * n);
  std::copy_n(r.data(), m * n, work);
  *chosen = Pivots(n, std::max<std::int64_t>(1, a.cols()),
                   detail::pivot_columns(m, n, a.cols(), work, m), -1);
}

/// Brings the chosen columns of A and B, side by side, into A. Throws input_error. Source: ?lapmt.
template <Scalar T>
void exchange_pair(in<Pivots> chosen, inout<T> a, inout<T> b) {
  detail::check_shapes(a.rows() == b.rows(), "exchange_pair", "A", a, "B", b,
                       "tiles side by side must have as many rows as each other");
  detail::exchange_listed<T>("exchange_pair", chosen, {a, b});
}

/// Brings the columns of A into the chosen order. Throws input_error. Source: ?lapmt.
template <Scalar T>
void exchange_columns(in<Pivots> chosen, inout<T> a) {
  detail::exchange_listed<T>("exchange_columns", chosen, {a});
}

/// Exchanges elements of a row as choose_columns said of columns of tiles j and `other`, or of the
/// last one alone. Throws input_error if these elements are not there. Source: ?lapmt.
inline void note_exchange(inout<double> columns, in<Pivots> chosen, std::int64_t j,
                          std::int64_t other) {
  const std::int64_t width = chosen->tile_rows(), count = chosen->rows();
  const std::int64_t first = j == other ? columns.cols() - count : j * width;
  const auto place = [&](std::int64_t c) {
    return c < width ? first + c : other * width + c - width;
  };
  if (count > 0 && (first < 0 || place(count - 1) >= columns.cols()))
    throw input_error(text({"note_exchange: columns of tiles ", j, " and ", other, " end at ",
                            place(count - 1), ", but the row has ", columns.cols(),
                            " elements; give it one for each column of the matrix"}),
                      codes::shape_mismatch);
  for (std::int64_t s = 0; s < chosen->count(); ++s)
    std::swap(columns.data()[place(s)],
              columns.data()[place(chosen->swaps()[static_cast<std::size_t>(s)])]);
}

namespace operations {

/// 2 m n^2.
inline constexpr auto stack_pair = []<Scalar T>(inout<T> r, in<T> a, in<T>) {
  return detail::on<T>(2 * detail::size(r) * detail::rows(a));
};
/// The same.
inline constexpr auto stack_tile = []<Scalar T>(inout<T> r, in<T> a) {
  return detail::on<T>(2 * detail::size(r) * detail::rows(a));
};
/// 4 n^2 k - 4 n k^2 + 4 k^3 / 3, k columns of n.
inline constexpr auto choose_columns = []<Scalar T>(out<Pivots>, in<T> r, in<T> a) {
  const double n = detail::cols(r), k = detail::cols(a);
  return detail::on<T>(4 * n * n * k - 4 * n * k * k + 4 * k * k * k / 3);
};

}  // namespace operations

}  // namespace lambdapack::kernel
