// The kernels of a tournament for the pivots of a panel (Grigori, Demmel and Xiang, "CALU: a
// communication optimal LU factorization algorithm", 2011).
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/kernel/argument.hpp"
#include "lambdapack/kernel/candidates.hpp"
#include "lambdapack/kernel/lu.hpp"

namespace lambdapack::kernel {

namespace detail {

/// Of these rows, as many as there are columns: those that partial pivoting chooses, in its order.
template <Scalar T>
Candidates<T> chosen(const Candidates<T>& all) {
  const std::int64_t rows = all.rows.rows(), cols = all.rows.cols(), count = std::min(rows, cols);
  tile::Dense<T> work = all.rows;
  std::vector<std::int64_t> swaps(static_cast<std::size_t>(count));
  getrf(rows, cols, work.data(), rows, swaps.data());
  const std::vector<std::int64_t> top = Pivots(rows, rows, std::move(swaps), -1).top();
  Candidates<T> best{tile::Dense<T>(count, cols), {}};
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t row = top[static_cast<std::size_t>(i)];
    best.origins.push_back(all.origins[static_cast<std::size_t>(row)]);
    for (std::int64_t j = 0; j < cols; ++j) best.rows(i, j) = all.rows(row, j);
  }
  return best;
}

/// Exchanges, each of row s with one from s on, that bring the rows of `chosen` to the top.
inline std::vector<std::int64_t> exchanges(std::int64_t rows,
                                           const std::vector<std::int64_t>& chosen) {
  std::vector<std::int64_t> row_at(static_cast<std::size_t>(rows)), swaps;
  std::iota(row_at.begin(), row_at.end(), std::int64_t{0});
  std::vector<std::int64_t> place_of = row_at;
  for (std::size_t s = 0; s < chosen.size(); ++s) {
    const std::int64_t place = place_of[static_cast<std::size_t>(chosen[s])];
    swaps.push_back(place);
    std::swap(row_at[s], row_at[static_cast<std::size_t>(place)]);
    place_of[static_cast<std::size_t>(row_at[s])] = static_cast<std::int64_t>(s);
    place_of[static_cast<std::size_t>(row_at[static_cast<std::size_t>(place)])] = place;
  }
  return swaps;
}

}  // namespace detail

/// The best rows of tile t of a panel.
template <Scalar T>
void tournament_start(out<Candidates<T>> best, in<T> tile, std::int64_t t) {
  Candidates<T> all{*tile, {}};
  for (std::int64_t i = 0; i < tile.rows(); ++i) all.origins.push_back({t, i});
  *best = detail::chosen(all);
}

/// The best rows of two lists.
template <Scalar T>
void tournament_match(out<Candidates<T>> best, in<Candidates<T>> a, in<Candidates<T>> b) {
  const std::int64_t upper = a->rows.rows(), lower = b->rows.rows();
  Candidates<T> all{tile::Dense<T>(upper + lower, a->rows.cols()), a->origins};
  all.origins.insert(all.origins.end(), b->origins.begin(), b->origins.end());
  for (std::int64_t j = 0; j < a->rows.cols(); ++j) {
    T* column = all.rows.data() + j * (upper + lower);
    std::copy_n(a->rows.data() + j * upper, upper, column);
    std::copy_n(b->rows.data() + j * lower, lower, column + upper);
  }
  *best = detail::chosen(all);
}

/// The same list: the bye of a round.
template <Scalar T>
void tournament_bye(out<Candidates<T>> best, in<Candidates<T>> a) {
  *best = *a;
}

/// The top tile of a panel when its best rows have come to the top: L, unit lower, and U, without
/// further pivoting. `displaced` holds the rows that had to leave it. Throws input_error if a row
/// of `best` is none of the panel. Source: ?getrf without pivots.
template <Scalar T>
void getrf_chosen(out<T> top, out<T> displaced, out<Pivots> pivots, in<Candidates<T>> best,
                  in_list<T> tiles) {
  const detail::Rows<T> rows(tiles);
  const std::int64_t tile_rows = tiles[0].rows(), cols = rows.cols();
  std::vector<std::int64_t> chosen;
  std::vector<bool> taken(static_cast<std::size_t>(rows.size()));
  for (const auto& origin : best->origins) {
    const bool there =
        origin.row < tile_rows && origin.tile < static_cast<std::int64_t>(tiles.size());
    const std::int64_t row = there ? origin.tile * tile_rows + origin.row : rows.size();
    if (row >= rows.size() || taken[static_cast<std::size_t>(row)])
      throw input_error("getrf_chosen: a candidate is row " + std::to_string(origin.row) +
                        " of tile " + std::to_string(origin.tile) +
                        ", which the panel does not have, or has given already; pass the winners "
                        "of a tournament of this panel");
    taken[static_cast<std::size_t>(row)] = true;
    chosen.push_back(row);
  }
  std::vector<std::int64_t> swaps = detail::exchanges(rows.size(), chosen);
  std::vector<std::int64_t> source(static_cast<std::size_t>(rows.size()));
  std::iota(source.begin(), source.end(), std::int64_t{0});
  Pivots found(rows.size(), tile_rows, swaps, -1);
  found.apply(source, 0);
  source.resize(static_cast<std::size_t>(tile_rows));
  top.resize(tile_rows, cols);
  rows.gather(source, top.data(), tile_rows);
  const auto moved = static_cast<std::int64_t>(found.moved().size());
  displaced.resize(moved, cols);
  rows.gather(found.moved_from(), displaced.data(), moved);
  const std::int64_t zero =
      detail::getrf<T, false>(tile_rows, cols, top.data(), tile_rows, nullptr);
  *pivots = zero < 0 ? std::move(found) : Pivots(rows.size(), tile_rows, std::move(swaps), zero);
}

/// Tile t of L below the top one: A U^-1, after the displaced rows have come to their places. Where
/// the pivot is zero its column is left as it is. `diagonal` holds U. Source: ?laswp, ?trsm R U N
/// N.
template <Scalar T>
void laswp_trsm_right(inout<T> a, in<T> diagonal, in<T> displaced, in<Pivots> pivots,
                      std::int64_t t) {
  place_displaced(a, displaced, pivots, t);
  const std::int64_t m = a.rows(), n = a.cols();
  if (pivots->zero() < 0)
    return detail::solve_right<T>({blas::Uplo::upper, blas::Trans::none, blas::Diag::non_unit, n,
                                   diagonal.data(), diagonal.rows()},
                                  m, a.data(), m);
  for (std::int64_t j = 0; j < n; ++j) {
    T* column = a.data() + j * m;
    detail::subtract_columns(m, j, a.data(), m, diagonal.data() + j * diagonal.rows(), column);
    if (diagonal(j, j) != T(0)) detail::divide(m, column, diagonal(j, j));
  }
}

}  // namespace lambdapack::kernel
