// What the one-call fronts of the orthogonal factorizations have in common: taking matrices.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "lambdapack/algorithm/detail/shape.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/kernel/detail/reflectors.hpp"
#include "lambdapack/kernel/qr.hpp"
#include "lambdapack/text.hpp"
#include "lambdapack/tile/tile.hpp"

namespace lambdapack::detail::orthogonal {

/// A matrix of which each process has its own tiles, and which makes others that are spread alike.
template <class M>
concept Spread = requires(const M& matrix) {
  matrix.own_tiles();
  { matrix.like(1, 1, 1, 1) } -> std::same_as<M>;
};

/// A matrix of one's own from anything that a run takes: a TiledMatrix is copied or moved, one that
/// is spread over processes is moved, the rest is read. Throws input_error if it is no matrix.
template <class M>
auto taken(M&& matrix) {
  using T = element_of_t<M>;
  using Kept = std::remove_cvref_t<M>;
  if constexpr (std::same_as<Kept, TiledMatrix<T>>) {
    return TiledMatrix<T>(std::forward<M>(matrix));
  } else if constexpr (Spread<Kept>) {
    static_assert(std::constructible_from<Kept, M&&>,
                  "lambdapack: a distributed matrix is not copied; give it away with std::move, "
                  "and find what becomes of it in the result's tiles()");
    return Kept(std::forward<M>(matrix));
  } else {
    const std::shared_ptr<tile::Store> store = bind(matrix, 2);
    auto* const grid = dynamic_cast<tile::detail::GridStore<T>*>(store.get());
    if (grid == nullptr)
      throw input_error(store->describe() +
                        " is no matrix of dense tiles; pass an lp::TiledMatrix, "
                        "lp::map(eigen_matrix, tile), lp::npy or lp::zarr");
    return tile::read_matrix(*grid);
  }
}

/// The smaller of the rows and columns of anything that a run takes, which is not read; 0 if it is
/// no matrix.
template <class M>
std::int64_t smaller_side(M& matrix) {
  if constexpr (requires { std::min(matrix.rows(), matrix.cols()); }) {
    return std::min(matrix.rows(), matrix.cols());
  } else {
    const std::shared_ptr<tile::Store> store = bind(matrix, 2);
    const auto* const grid = dynamic_cast<tile::detail::GridStore<element_of_t<M>>*>(store.get());
    return grid == nullptr ? 0 : std::min(grid->grid().rows, grid->grid().cols);
  }
}

/// "A is 5 x 4 in tiles of 2 x 3".
template <class A>
std::string described(const char* name, const A& a) {
  return text({name, " is ", a.rows(), " x ", a.cols(), " in tiles of ", a.tile_rows(), " x ",
               a.tile_cols()});
}

/// Throws input_error unless the rows of the matrix `name` (from the right, its columns) are cut as
/// those of A, or as A's columns if `by_columns`.
template <algorithm::detail::Matrix M, algorithm::detail::Matrix A>
void check_fit(const char* call, const char* name, M& matrix, Side side, const A& a,
               bool by_columns = false) {
  const auto other = algorithm::detail::operand(name, matrix),
             factored = algorithm::detail::operand("A", a);
  const bool left = side == Side::left;
  if ((left ? other.rows() : other.cols()).fits(by_columns ? factored.cols() : factored.rows()))
    return;
  throw input_error(
      text({"lambdapack: ", call, ": ", name, " is ", other.text, ", but it needs ",
            by_columns ? a.cols() : a.rows(), left ? " rows" : " columns", " in tiles of ",
            by_columns ? a.tile_cols() : a.tile_rows(), ", as the ",
            by_columns ? "columns" : "rows", " of the matrix that is factored; cut its ",
            left ? "rows" : "columns", " alike"}),
      codes::shape_mismatch);
}

/// Zeros, spread as A if A is.
template <algorithm::detail::Matrix A>
A zeros_like(const A& a, std::int64_t rows, std::int64_t cols, std::int64_t tile_rows,
             std::int64_t tile_cols) {
  if constexpr (Spread<A>)
    return a.like(rows, cols, tile_rows, tile_cols);
  else
    return A(rows, cols, tile_rows, tile_cols);
}

/// Calls f(i, j) for each tile that this process has.
template <algorithm::detail::Matrix A, class F>
void for_each_tile_here(const A& a, F f) {
  if constexpr (Spread<A>) {
    for (const auto& [i, j] : a.own_tiles()) f(i, j);
  } else {
    const auto [down, across] = a.extents();
    for (std::int64_t j = 0; j < across; ++j)
      for (std::int64_t i = 0; i < down; ++i) f(i, j);
  }
}

/// An array for the triangular factors of the reflections of A, whose tiles are an array of rank 1
/// if A `is_column`. Tiles of a matrix that is spread are made beforehand, with the inner block
/// that the kernels choose for a tile of full width.
template <algorithm::detail::Matrix A>
auto factors_for(const A& a, bool is_column) {
  const auto [m, n] = a.extents();
  if constexpr (Spread<A>) {
    const std::int64_t rows = kernel::inner_block(a.tile_cols()) + 1;
    return a.like(m * rows, a.cols(), rows, a.tile_cols());
  } else {
    return TileArray<element_of_t<A>>(is_column ? std::vector{m} : std::vector{m, n});
  }
}

/// The rows x cols matrix of which element(i, j) says the elements.
template <Scalar T, class Element>
TiledMatrix<T> matrix_of(std::int64_t rows, std::int64_t cols, std::int64_t tile_rows,
                         std::int64_t tile_cols, Element element) {
  TiledMatrix<T> made(rows, cols, tile_rows, tile_cols);
  const auto [down, across] = made.extents();
  for (std::int64_t j = 0; j < across; ++j)
    for (std::int64_t i = 0; i < down; ++i) {
      tile::Dense<T>& tile = made.tile(i, j);
      for (std::int64_t q = 0; q < tile.cols(); ++q)
        for (std::int64_t p = 0; p < tile.rows(); ++p)
          tile(p, q) = element(i * tile_rows + p, j * tile_cols + q);
    }
  return made;
}

/// The upper left rows x cols part of A, its rows in tiles of `tile_rows`.
template <Scalar T>
TiledMatrix<T> head_of(const TiledMatrix<T>& a, std::int64_t rows, std::int64_t cols,
                       std::int64_t tile_rows) {
  return matrix_of<T>(rows, cols, tile_rows, a.tile_cols(),
                      [&](std::int64_t i, std::int64_t j) { return a(i, j); });
}

/// A^H.
template <Scalar T>
TiledMatrix<T> adjoint_of(const TiledMatrix<T>& a) {
  TiledMatrix<T> made(a.cols(), a.rows(), a.tile_cols(), a.tile_rows());
  for (std::int64_t j = 0; j < made.extents()[1]; ++j)
    for (std::int64_t i = 0; i < made.extents()[0]; ++i) {
      tile::Dense<T>& tile = made.tile(i, j);
      kernel::detail::copy_adjoint(tile.rows(), tile.cols(), a.tile(j, i).data(), tile.cols(),
                                   tile.data(), tile.rows());
    }
  return made;
}

/// `to` gets `count` elements of column j of A, from row `first` on.
template <Scalar T>
void copy_of_column(const TiledMatrix<T>& a, std::int64_t first, std::int64_t count, std::int64_t j,
                    T* to) {
  while (count > 0) {
    const tile::Dense<T>& tile = a.tile(first / a.tile_rows(), j / a.tile_cols());
    const std::int64_t from = first % a.tile_rows(), copied = std::min(count, tile.rows() - from);
    std::copy_n(&tile(from, j % a.tile_cols()), copied, to);
    to += copied;
    first += copied;
    count -= copied;
  }
}

/// The same matrix in other tiles.
template <Scalar T>
TiledMatrix<T> retiled(TiledMatrix<T> a, std::int64_t tile_rows, std::int64_t tile_cols) {
  if (a.tile_rows() == tile_rows && a.tile_cols() == tile_cols) return a;
  const TiledMatrix<T>& from = a;
  TiledMatrix<T> made(a.rows(), a.cols(), tile_rows, tile_cols);
  for (std::int64_t j = 0; j < made.extents()[1]; ++j)
    for (std::int64_t i = 0; i < made.extents()[0]; ++i) {
      tile::Dense<T>& tile = made.tile(i, j);
      for (std::int64_t q = 0; q < tile.cols(); ++q)
        copy_of_column(from, i * tile_rows, tile.rows(), j * tile_cols + q,
                       tile.data() + q * tile.rows());
    }
  return made;
}

/// A with rows of zeros below, `rows` altogether, in tiles of tile_rows x tile_cols.
template <Scalar T>
TiledMatrix<T> extended(const TiledMatrix<T>& a, std::int64_t rows, std::int64_t tile_rows,
                        std::int64_t tile_cols) {
  const tile::Dense<T> dense = a.to_dense();
  return matrix_of<T>(rows, a.cols(), tile_rows, tile_cols, [&](std::int64_t i, std::int64_t j) {
    return i < a.rows() ? dense(i, j) : T{};
  });
}

}  // namespace lambdapack::detail::orthogonal
