// The stages of lp::svd between the tiled programs.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "lambdapack/algorithm/detail/matrices.hpp"
#include "lambdapack/algorithm/detail/scaling.hpp"
#include "lambdapack/algorithm/qr.hpp"
#include "lambdapack/algorithm/svd_programs.hpp"
#include "lambdapack/kernel/detail/bidiagonal.hpp"

namespace lambdapack::detail::orthogonal {

/// The tiles of the reduction, which are as wide as the band that it leaves: wide tiles make its
/// products faster, a narrow band makes the second stage faster. Measured.
inline std::int64_t band_tile(std::int64_t n) {
  const std::int64_t tile = n < 384 ? 32 : n < 768 ? 64 : n < 1536 ? 128 : 160;
  return std::max<std::int64_t>(1, std::min(tile, n));
}

/// The width of the band that algorithm::band left in the tiles of A.
template <Scalar T>
std::int64_t band_width(const TiledMatrix<T>& a) {
  return std::max<std::int64_t>(1, std::min(a.tile_cols(), a.cols() - 1));
}

/// Columns `first` to `end` - 1 of that band, in `columns` columns of a tile of Band.
template <Scalar T>
tile::Dense<T> band_of(const TiledMatrix<T>& a, std::int64_t first, std::int64_t end,
                       std::int64_t columns) {
  const std::int64_t width = band_width(a);
  auto tile = tile::Dense<T>::zeros(kernel::detail::Band<T>::rows(width), columns);
  for (std::int64_t j = first; j < std::min(end, a.cols()); ++j)
    for (std::int64_t i = std::max<std::int64_t>(0, j - width); i <= j; ++i)
      tile(2 * width + i - j, j - first) = a(i, j);
  return tile;
}

/// The diagonals of a bidiagonal matrix: d, and e with a zero more.
template <Scalar T>
struct Bidiagonal {
  std::vector<real_t<T>> d, e;

  /// Takes the next columns, which a tile of a Band begins with.
  void take(const tile::Dense<T>& tile, std::int64_t columns) {
    const std::int64_t diagonal = tile.rows() / 3 * 2;
    for (std::int64_t j = 0; j < columns; ++j) {
      if (!d.empty()) e.push_back(std::real(tile(diagonal - 1, j)));
      d.push_back(std::real(tile(diagonal, j)));
    }
  }
};

/// The bidiagonal matrix that the band in A's tiles becomes.
template <Scalar T, Executor E>
Bidiagonal<T> bidiagonal_of(const TiledMatrix<T>& a, const E& executor) {
  const std::int64_t n = a.cols(), width = band_width(a);
  const std::int64_t columns = kernel::detail::chase_columns(width);
  const std::int64_t tiles = (n + columns - 1) / columns;
  TileArray<T> band({tiles + 3});
  for (std::int64_t k = 0; k < tiles; ++k)
    band(k + 1) = band_of(a, k * columns, (k + 1) * columns, columns);
  const std::int64_t sweeps = kernel::detail::chase_sweeps;
  run(executor, algorithm::chase<T>, band, std::max<std::int64_t>(0, n + sweeps - 2) / sweeps, n,
      width);
  Bidiagonal<T> bidiagonal;
  for (std::int64_t k = 0; k < tiles; ++k)
    bidiagonal.take(band(k + 1), std::min(columns, n - k * columns));
  bidiagonal.e.push_back(0);
  return bidiagonal;
}

/// A, or its adjoint, or the R of that: what is reduced, with at least as many rows as columns, and
/// the Q of R if there is one.
template <Scalar T>
struct Reducible {
  bool is_adjoint = false;
  std::optional<Qr<T>> q;
  TiledMatrix<T> a;

  template <Executor E>
  Reducible(TiledMatrix<T> matrix, const E& executor) : is_adjoint(matrix.rows() < matrix.cols()) {
    if (is_adjoint) matrix = adjoint_of(matrix);
    if (2 * matrix.rows() >= 3 * matrix.cols()) {
      const std::int64_t tile = std::min(std::max(matrix.tile_rows(), matrix.tile_cols()),
                                         std::max<std::int64_t>(1, matrix.cols()));
      // One column of tiles may have high ones: there are fewer of them.
      const bool column = matrix.cols() > 0 && matrix.cols() <= tile;
      const std::int64_t high =
          column ? std::max({tile, matrix.tile_rows(), std::int64_t{1024}}) : tile;
      q.emplace(retiled(std::move(matrix), high, tile), QrOptions{}, executor);
      matrix = q->r();
    }
    const std::int64_t tile = band_tile(matrix.cols());
    a = retiled(std::move(matrix), tile, tile);
  }
};

/// U or V of a bidiagonal matrix, or its transpose, as one row of tiles.
template <Scalar T>
TiledMatrix<T> in_columns(const tile::Dense<real_t<T>>& x, bool transposed) {
  constexpr std::int64_t columns = 256;
  const std::int64_t n = x.rows(), rows = std::max<std::int64_t>(1, n);
  return matrix_of<T>(n, n, rows, std::min(columns, rows), [&](std::int64_t i, std::int64_t j) {
    return T(transposed ? x(j, i) : x(i, j));
  });
}

/// X := Q X for one side of a chase, whose reflections are used up.
template <Scalar T, Executor E>
void apply_side(kernel::detail::Chase<T>& side, TiledMatrix<T>& x, const E& executor) {
  TileArray<T> v, tau;
  v() = std::move(side.v);
  tau() = std::move(side.tau);
  run(executor, algorithm::apply_chase<T>, v, tau, x, side.width);
}

}  // namespace lambdapack::detail::orthogonal
