// Initial tiles of matrices that are in the run's store already, as chunks of Zarr arrays.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "lambdapack/exec/cloud/description.hpp"
#include "lambdapack/exec/cloud/encoding.hpp"
#include "lambdapack/exec/cloud/results.hpp"
#include "lambdapack/graph/node.hpp"
#include "lambdapack/tile/detail/zarr_chunk.hpp"

namespace lambdapack::exec::cloud {

/// The chunks of one array, for workers: what run.json says of it is not believed.
class StoredTiles {
 public:
  /// Throws input_error if the array has no `stored`, or that is not what the array is.
  explicit StoredTiles(const ArrayDescription& array)
      : array_(array), input_(array.stored.value()) {
    check_key(input_.key + "/.zarray");
    zarr_ = detail::with_scalar(array.payload, [&]<class T>(T) {
      return tile::detail::ZarrMetadataReader(input_.key + "/.zarray", input_.zarray,
                                              tile::detail::numpy_name<T>(), sizeof(T))
          .read();
    });
    if (zarr_.grid != *array.grid)
      throw input_error(text({"lambdapack: run.json says that the matrix ", input_.key,
                              " has another shape than ", array.title, "; start the run again"}));
  }

  std::string key(const Indices& tile) const {
    const auto [i, j] = detail::position(array_, tile);
    return input_.key + "/" + zarr_.chunk_name(i, j);
  }

  /// The tile whose chunk, at `key`, has these bytes. Throws damaged_object.
  tile::Tile decode(std::string_view bytes, const Indices& tile, const std::string& key) const {
    const auto [i, j] = detail::position(array_, tile);
    const std::int64_t rows = zarr_.grid.rows_at(i), cols = zarr_.grid.cols_at(j);
    try {
      return detail::with_scalar(array_.payload, [&]<class T>(T) {
        return tile::Tile::make(
            tile::detail::parse_chunk<T>(std::as_bytes(std::span(bytes)), key, zarr_, rows, cols));
      });
    } catch (const input_error& error) {
      throw damaged_object(text({"lambdapack: ", error.what()}));
    }
  }

 private:
  const ArrayDescription& array_;
  const StoredInput input_;
  tile::detail::ZarrMetadata zarr_;
};

}  // namespace lambdapack::exec::cloud
