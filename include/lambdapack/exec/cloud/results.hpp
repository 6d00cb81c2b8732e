// The results of a run as objects: matrices as Zarr v2 arrays, which Python opens where they are,
// other arrays as tiles in the encoding of values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lambdapack/exec/cloud/arrays.hpp"
#include "lambdapack/exec/cloud/chunks.hpp"
#include "lambdapack/exec/cloud/description.hpp"
#include "lambdapack/exec/cloud/encoding.hpp"
#include "lambdapack/exec/cloud/keys.hpp"
#include "lambdapack/exec/cloud/scalars.hpp"

namespace lambdapack::exec::cloud {

namespace detail {

/// The place of a tile in its matrix, which GridStore shows as an array of rank 0, 1 or 2.
inline std::pair<std::int64_t, std::int64_t> position(const ArrayDescription& array,
                                                      const Indices& indices) {
  if (indices.size() == 2) return {indices[0], indices[1]};
  if (indices.size() == 0) return {0, 0};
  const bool is_column = array.grid->tiles_across() == 1;
  return is_column ? std::pair{indices[0], std::int64_t{0}}
                   : std::pair{std::int64_t{0}, indices[0]};
}

}  // namespace detail

/// Reads and writes the final tiles of one run.
class Results {
 public:
  /// All that is given must outlive it.
  Results(ObjectStore& objects, const Keys& keys,
          const std::vector<std::optional<ArrayDescription>>& arrays)
      : objects_(objects), keys_(keys), arrays_(arrays) {}

  /// Puts the metadata of array `a` in its place, before any of its tiles.
  void describe(std::size_t a) {
    const ArrayDescription& array = *arrays_[a];
    if (!array.grid) return;
    const std::string text = detail::with_scalar(
        array.payload, [&]<class T>(T) { return detail::zarray_of<T>(*array.grid); });
    objects_.put(keys_.array(array.name) + ".zarray", text);
  }

  /// The object of a tile.
  Content content(const FinalTile& final) const {
    const ArrayDescription& array = of(final.name);
    if (!array.grid) return content_of(final.tile);
    return detail::with_scalar(
        array.payload, [&]<class T>(T) { return detail::chunk_of<T>(final.tile, *array.grid); });
  }

  /// Whether tiles of an array are chunks of a matrix, which has them as they are.
  bool are_chunks(const TileName& name) const {
    const auto& array = arrays_[static_cast<std::size_t>(name.array)];
    return array && array->grid;
  }

  std::string key(const TileName& name) const {
    const ArrayDescription& array = of(name);
    std::vector<std::int64_t> place(name.indices.begin(), name.indices.end());
    if (array.grid) {
      const auto [i, j] = detail::position(array, name.indices);
      place = {i, j};
    }
    std::string key = keys_.array(array.name);
    for (std::size_t d = 0; d < place.size(); ++d) key += text({d > 0 ? "." : "", place[d]});
    return place.empty() ? key + "0" : key;
  }

  /// The tile, whose object has this digest (16 digits). Throws damaged_object if it is not there
  /// or another one.
  tile::Tile get(const TileName& name, const tile::PayloadType& type, std::string_view digits) {
    const std::string at = key(name);
    tile::Tile tile;
    const bool is_there = objects_.get_pieces(at, [&](std::size_t size, const tile::GetBytes& get) {
      detail::DigestingGet digesting(get);
      tile =
          decode_final(name, type, at, size, [&](std::span<std::byte> piece) { digesting(piece); });
      if (hexadecimal(digesting.value()) != digits) refuse_digest(at);
    });
    if (!is_there) detail::refuse_missing(at);
    return tile;
  }

  /// The same tile without a copy of it, for who will not change it; none where the store or the
  /// tile is not for that.
  tile::Tile map(const TileName& name, std::string_view digits) {
    if (!is_whole_chunk(name)) return {};
    const std::string at = key(name);
    std::optional<Mapped> object = objects_.map(at);
    if (!object) return {};
    if (hexadecimal(digest_of(object->bytes())) != digits) refuse_digest(at);
    return matrix_in(*object, name, at);
  }

  /// Puts a tile in its place, and gives the digest of its object. If others read it too, `tile`
  /// becomes the object itself where the store has that in memory, so that it is there once for all
  /// processes.
  std::uint64_t put(FinalTile& final, bool is_read) {
    const std::string at = key(final.name);
    std::uint64_t digest = 0;
    const Content content = with_digest(this->content(final), digest);
    if (!is_read || !is_whole_chunk(final.name)) {
      objects_.put_pieces(at, content);
      return digest;
    }
    if (std::optional<Mapped> object = objects_.put_and_map(at, content))
      if (tile::Tile tile = matrix_in(*object, final.name, at)) final.tile = std::move(tile);
    return digest;
  }

 private:
  bool is_whole_chunk(const TileName& name) const {
    const ArrayDescription& array = of(name);
    if (!array.grid) return false;
    const auto [i, j] = detail::position(array, name.indices);
    return array.grid->rows_at(i) == array.grid->tile_rows &&
           array.grid->cols_at(j) == array.grid->tile_cols;
  }

  tile::Tile matrix_in(Mapped& object, const TileName& name, const std::string& key) const {
    const ArrayDescription& array = of(name);
    const std::int64_t rows = array.grid->tile_rows, cols = array.grid->tile_cols;
    return detail::with_scalar(array.payload, [&]<class T>(T) {
      if (object.bytes().size() != static_cast<std::size_t>(rows * cols) * sizeof(T))
        detail::refuse_object(key, text({"it has ", object.bytes().size(), " bytes"}));
      auto matrix = object.matrix<T>(0, rows, cols);
      return matrix ? tile::Tile::make(*std::move(matrix)) : tile::Tile();
    });
  }

  [[noreturn]] static void refuse_digest(const std::string& key) {
    detail::refuse_object(key, "its checksum is not the one that its task has noted");
  }

  tile::Tile decode_final(const TileName& name, const tile::PayloadType& type,
                          const std::string& key, std::size_t size,
                          const tile::GetBytes& get) const {
    const ArrayDescription& array = of(name);
    if (!array.grid) return tile_in(decode(size, get, type, key), key);
    return detail::with_scalar(array.payload, [&]<class T>(T) {
      const auto [i, j] = detail::position(array, name.indices);
      return detail::tile_of<T>(size, get, array.grid->rows_at(i), array.grid->cols_at(j),
                                *array.grid, key);
    });
  }

  const ArrayDescription& of(const TileName& name) const {
    return *arrays_[static_cast<std::size_t>(name.array)];
  }

  ObjectStore& objects_;
  const Keys& keys_;
  const std::vector<std::optional<ArrayDescription>>& arrays_;
};

}  // namespace lambdapack::exec::cloud
