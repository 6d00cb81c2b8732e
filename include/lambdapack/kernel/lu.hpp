// The kernels of LU factorizations whose panels are runs of tiles.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "lambdapack/kernel/argument.hpp"
#include "lambdapack/kernel/blas.hpp"
#include "lambdapack/kernel/dense.hpp"
#include "lambdapack/kernel/detail/lu.hpp"
#include "lambdapack/kernel/detail/triangular.hpp"
#include "lambdapack/kernel/fault.hpp"
#include "lambdapack/kernel/pivots.hpp"

namespace lambdapack::kernel {

namespace detail {

/// The rows of a run of tiles, one below the other. The tiles must outlive it.
template <Scalar T>
class Rows {
 public:
  explicit Rows(in_list<T> tiles) {
    for (std::size_t t = 0; t < tiles.size(); ++t) {
      tiles_.push_back({tiles[t].data(), tiles[t].rows()});
      size_ += tiles[t].rows();
    }
    cols_ = tiles.empty() ? 0 : tiles[0].cols();
  }

  std::int64_t size() const { return size_; }
  std::int64_t cols() const { return cols_; }

  /// `to`, with leading dimension `ld`, gets the rows of this list. They are spread over all tiles,
  /// and each element is in a line of its own: so that the processor can fetch ahead, a tile is
  /// read from its top to its end, for as many columns as what is written stays in the cache.
  void gather(const std::vector<std::int64_t>& list, T* to, std::int64_t ld) const {
    constexpr std::int64_t columns_at_once = 16;
    std::vector<Move> moves;
    for (std::size_t i = 0; i < list.size(); ++i)
      moves.push_back({list[i], static_cast<std::int64_t>(i)});
    std::sort(moves.begin(), moves.end());
    for (std::int64_t j = 0; j < cols_; j += columns_at_once) {
      const std::int64_t end = std::min(j + columns_at_once, cols_);
      auto move = moves.begin();
      std::int64_t first = 0;
      for (const Tile& tile : tiles_) {
        const auto last = std::lower_bound(move, moves.end(), Move{first + tile.rows, 0});
        for (std::int64_t column = j; column < end; ++column)
          for (auto each = move; each != last; ++each)
            to[each->place + column * ld] = tile.data[each->row - first + column * tile.rows];
        move = last;
        first += tile.rows;
      }
    }
  }

 private:
  struct Tile {
    const T* data;
    std::int64_t rows;
  };
  struct Move {
    std::int64_t row, place;
    bool operator<(const Move& other) const { return row < other.row; }
  };

  std::vector<Tile> tiles_;
  std::int64_t size_ = 0, cols_ = 0;
};

/// A leading dimension for columns of `rows` elements that do not all compete for the same lines of
/// a cache.
template <Scalar T>
std::int64_t spread_rows(std::int64_t rows) {
  constexpr auto line = static_cast<std::int64_t>(64 / sizeof(T));
  return (rows + line - 1) / line * line + line;
}

}  // namespace detail

/// LU with partial pivoting of a run of tiles, one below the other: `panel` becomes L, unit lower,
/// and U, in one piece that has rows to spare, which are zero: equal panels have equal bytes.
/// Source: ?getrf.
template <Scalar T>
void getrf_panel(out<T> panel, out<Pivots> pivots, in_list<T> tiles) {
  std::int64_t rows = 0;
  for (std::size_t t = 0; t < tiles.size(); ++t) rows += tiles[t].rows();
  const std::int64_t cols = tiles[0].cols(), ld = detail::spread_rows<T>(rows);
  panel.resize(ld, cols);
  T* below = panel.data();
  for (std::size_t t = 0; t < tiles.size(); below += tiles[t].rows(), ++t)
    for (std::int64_t j = 0; j < cols; ++j)
      std::copy_n(tiles[t].data() + j * tiles[t].rows(), tiles[t].rows(), below + j * ld);
  for (std::int64_t j = 0; j < cols; ++j)
    std::fill_n(panel.data() + rows + j * ld, ld - rows, T(0));
  std::vector<std::int64_t> swaps(static_cast<std::size_t>(std::min(rows, cols)));
  const std::int64_t zero = detail::getrf(rows, cols, panel.data(), ld, swaps.data());
  *pivots = Pivots(rows, tiles[0].rows(), std::move(swaps), zero);
}

/// Tile t of a factored panel.
template <Scalar T>
void panel_tile(out<T> tile, in<T> panel, in<Pivots> pivots, std::int64_t t) {
  const std::int64_t first = t * pivots->tile_rows();
  const std::int64_t rows = std::min(pivots->tile_rows(), pivots->rows() - first);
  tile.resize(rows, panel.cols());
  for (std::int64_t j = 0; j < panel.cols(); ++j)
    std::copy_n(panel.data() + first + j * panel.rows(), rows, tile.data() + j * rows);
}

/// In a column of tiles to the right of a panel: `top` becomes the rows of U, which are L^-1 times
/// the rows that pivoting brings to the top; `displaced` the rows that had to leave it. `diagonal`
/// holds the panel's L. Source: ?laswp, ?trsm L L N U.
template <Scalar T>
void laswp_trsm(out<T> top, out<T> displaced, in<T> diagonal, in<Pivots> pivots, in_list<T> tiles) {
  const detail::Rows<T> rows(tiles);
  const std::int64_t count = pivots->count(), cols = rows.cols();
  detail::check_shapes(
      tiles[0].rows() == count && diagonal.rows() == count && rows.size() == pivots->rows(),
      "laswp_trsm", "the tile of the panel", diagonal, "the one beside it", tiles[0],
      "tiles on the diagonal must be square, and columns cut alike");
  const auto moved = static_cast<std::int64_t>(pivots->moved().size());
  top.resize(count, cols);
  displaced.resize(moved, cols);
  rows.gather(pivots->top(), top.data(), count);
  rows.gather(pivots->moved_from(), displaced.data(), moved);
  detail::solve_left<T>({blas::Uplo::lower, blas::Trans::none, blas::Diag::unit, count,
                         diagonal.data(), diagonal.rows()},
                        cols, top.data(), count);
}

/// Tile t below the top one, in a column of tiles to the right of a panel: the displaced rows that
/// belong here take their places. Source: ?laswp.
template <Scalar T>
void place_displaced(inout<T> tile, in<T> displaced, in<Pivots> pivots, std::int64_t t) {
  const std::int64_t first = t * pivots->tile_rows();
  const std::vector<std::int64_t>& moved = pivots->moved();
  const auto begin = std::lower_bound(moved.begin(), moved.end(), first);
  const auto end = std::lower_bound(begin, moved.end(), first + tile.rows());
  const std::int64_t from = begin - moved.begin(), count = end - begin;
  for (std::int64_t j = 0; j < tile.cols(); ++j)
    for (std::int64_t r = 0; r < count; ++r) tile(begin[r] - first, j) = displaced(from + r, j);
}

/// The same, and then A := A - L U. Source: ?laswp, ?gemm N N.
template <Scalar T>
void laswp_gemm(inout<T> a, in<T> l, in<T> u, in<T> displaced, in<Pivots> pivots, std::int64_t t) {
  place_displaced(a, displaced, pivots, t);
  gemm_sub(a, l, u);
}

namespace detail {

/// Which row comes to each row of `rows` by the exchanges of all these panels, where the first
/// one's first row is row 0, and the next one's tile_rows() below. Throws input_error.
inline std::vector<std::int64_t> source_rows(std::int64_t rows, in_list<Pivots> pivots) {
  std::vector<std::int64_t> source(static_cast<std::size_t>(rows));
  std::iota(source.begin(), source.end(), std::int64_t{0});
  std::int64_t first = 0;
  for (std::size_t k = 0; k < pivots.size(); first += pivots[k]->tile_rows(), ++k) {
    if (first + pivots[k]->rows() != rows)
      throw input_error(text({"laswp: the pivots are of a panel of ", pivots[k]->rows(),
                              " rows, but the column of tiles has ", rows - first,
                              " there; check that they belong to this matrix"}),
                        codes::shape_mismatch);
    pivots[k]->apply(source, first);
  }
  return source;
}

/// The same turned around: which row comes to each one by the exchanges taken back.
inline std::vector<std::int64_t> target_rows(std::int64_t rows, in_list<Pivots> pivots) {
  const std::vector<std::int64_t> source = source_rows(rows, pivots);
  std::vector<std::int64_t> target(source.size());
  for (std::size_t i = 0; i < source.size(); ++i)
    target[static_cast<std::size_t>(source[i])] = static_cast<std::int64_t>(i);
  return target;
}

/// Tile t of a column of tiles in which row i is row source[i] of `tiles`.
template <Scalar T>
void gather_tile(out<T> tile, const Rows<T>& rows, const std::vector<std::int64_t>& source,
                 std::int64_t tile_rows, std::int64_t t) {
  const std::int64_t begin = t * tile_rows, count = std::min(tile_rows, rows.size() - begin);
  tile.resize(count, rows.cols());
  rows.gather({source.begin() + begin, source.begin() + begin + count}, tile.data(), count);
}

}  // namespace detail

/// Tile t of a column of tiles after the exchanges of all these panels. The first panel's first row
/// is the first of the column, and the next one's tile_rows() below. Throws input_error. Source:
/// ?laswp.
template <Scalar T>
void laswp(out<T> tile, in_list<T> tiles, in_list<Pivots> pivots, std::int64_t t) {
  const detail::Rows<T> rows(tiles);
  detail::gather_tile(tile, rows, detail::source_rows(rows.size(), pivots), tiles[0].rows(), t);
}

/// The same exchanges taken back, the last one first. Throws input_error. Source: ?laswp.
template <Scalar T>
void laswp_back(out<T> tile, in_list<T> tiles, in_list<Pivots> pivots, std::int64_t t) {
  const detail::Rows<T> rows(tiles);
  detail::gather_tile(tile, rows, detail::target_rows(rows.size(), pivots), tiles[0].rows(), t);
}

/// Tile t of a row of tiles whose columns are exchanged as the rows of these panels were, the last
/// exchange first: of X P, where P A = L U. Throws input_error. Source: ?getri.
template <Scalar T>
void laswp_columns_back(out<T> tile, in_list<T> tiles, in_list<Pivots> pivots, std::int64_t t) {
  std::vector<const T*> columns;
  for (std::size_t k = 0; k < tiles.size(); ++k)
    for (std::int64_t j = 0; j < tiles[k].cols(); ++j)
      columns.push_back(tiles[k].data() + j * tiles[k].rows());
  const auto target = detail::target_rows(static_cast<std::int64_t>(columns.size()), pivots);
  const std::int64_t rows = tiles[0].rows(), first = t * tiles[0].cols();
  tile.resize(rows, tiles[static_cast<std::size_t>(t)].cols());
  for (std::int64_t j = 0; j < tile.cols(); ++j)
    std::copy_n(columns[static_cast<std::size_t>(target[static_cast<std::size_t>(first + j)])],
                rows, tile.data() + j * rows);
}

/// Nothing but a look at the panels: A stays as it is. Throws singular_matrix at the first pivot
/// that is exactly zero.
template <Scalar T>
void require_regular(inout<T>, in_list<Pivots> pivots) {
  std::int64_t first = 0;
  for (std::size_t k = 0; k < pivots.size(); first += pivots[k]->tile_rows(), ++k)
    if (pivots[k]->zero() >= 0) throw singular_matrix(first + pivots[k]->zero());
}

}  // namespace lambdapack::kernel
