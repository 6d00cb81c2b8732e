// Matrices as this room stores them: Zarr v2 arrays in uncompressed chunks by columns.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "lambdapack/tile/detail/numpy_name.hpp"
#include "lambdapack/tile/zarr.hpp"

namespace lambdapack::exec::cloud::detail {

/// The metadata of a matrix in uncompressed chunks by columns.
inline tile::detail::ZarrMetadata zarr_of(const tile::detail::Grid& grid) {
  return tile::detail::new_zarr(grid, {});
}

/// The text of its .zarray.
template <Scalar T>
std::string zarray_of(const tile::detail::Grid& grid) {
  return tile::detail::zarr_metadata_text(zarr_of(grid), tile::detail::numpy_name<T>(),
                                          !std::same_as<T, real_t<T>>);
}

/// A matrix's chunk: the tile, and zeros where it is cut short.
template <Scalar T>
std::string chunk_of(const tile::Dense<T>& tile, const tile::detail::Grid& grid) {
  const auto zarr = zarr_of(grid);
  const std::int64_t height = zarr.grid.tile_rows;
  std::string bytes(static_cast<std::size_t>(zarr.chunk_bytes(sizeof(T))), '\0');
  const std::size_t column = static_cast<std::size_t>(tile.rows()) * sizeof(T);
  for (std::int64_t j = 0; j < tile.cols() && column > 0; ++j)
    std::memcpy(bytes.data() + static_cast<std::size_t>(j * height) * sizeof(T),
                tile.data() + j * tile.rows(), column);
  return bytes;
}

template <Scalar T>
tile::Tile tile_of(std::string_view bytes, std::int64_t rows, std::int64_t cols,
                   const tile::detail::Grid& grid) {
  const std::int64_t height = zarr_of(grid).grid.tile_rows;
  tile::Dense<T> tile(rows, cols);
  const std::size_t column = static_cast<std::size_t>(rows) * sizeof(T);
  for (std::int64_t j = 0; j < cols && column > 0; ++j)
    std::memcpy(tile.data() + j * rows,
                bytes.data() + static_cast<std::size_t>(j * height) * sizeof(T), column);
  return tile::Tile::make(std::move(tile));
}

}  // namespace lambdapack::exec::cloud::detail
