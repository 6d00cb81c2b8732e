// Matrices as this room stores them: Zarr v2 arrays in uncompressed chunks by columns.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/exec/cloud/objects.hpp"
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
Content chunk_of(tile::Tile tile, const tile::detail::Grid& grid) {
  const auto zarr = zarr_of(grid);
  const auto size = static_cast<std::size_t>(zarr.chunk_bytes(sizeof(T)));
  const auto height = static_cast<std::size_t>(zarr.grid.tile_rows) * sizeof(T);
  return {size, [tile = std::move(tile), size, height](const tile::PutBytes& put) {
            const auto& dense = tile.get<tile::Dense<T>>();
            auto left = std::as_bytes(std::span(dense.data(), dense.size()));
            if (left.size() == size) return put(left);
            const std::size_t column = static_cast<std::size_t>(dense.rows()) * sizeof(T);
            std::vector<std::byte> padded(height);
            for (std::size_t done = 0; done < size; done += height) {
              if (left.empty()) std::fill_n(padded.begin(), column, std::byte{});
              std::copy_n(left.begin(), std::min(column, left.size()), padded.begin());
              put(padded);
              left = left.subspan(std::min(column, left.size()));
            }
          }};
}

/// The tile of rows x cols elements in a chunk of `size` bytes, of which get(piece) gives the next.
/// Throws damaged_object, with `key`, if the size is another one.
template <Scalar T>
tile::Tile tile_of(std::size_t size, const tile::GetBytes& get, std::int64_t rows,
                   std::int64_t cols, const tile::detail::Grid& grid, const std::string& key) {
  const auto zarr = zarr_of(grid);
  if (size != static_cast<std::size_t>(zarr.chunk_bytes(sizeof(T))))
    refuse_object(key, text({"it has ", size, " bytes"}));
  tile::Dense<T> tile(rows, cols);
  auto room = std::as_writable_bytes(std::span(tile.data(), tile.size()));
  const auto height = static_cast<std::size_t>(zarr.grid.tile_rows) * sizeof(T);
  if (room.size() == size) {
    get(room);
  } else {
    const std::size_t column = static_cast<std::size_t>(rows) * sizeof(T);
    std::vector<std::byte> padded(height);
    for (std::size_t done = 0; done < size; done += height) {
      get(padded);
      std::copy_n(padded.begin(), std::min(column, room.size()), room.begin());
      room = room.subspan(std::min(column, room.size()));
    }
  }
  return tile::Tile::make(std::move(tile));
}

}  // namespace lambdapack::exec::cloud::detail
