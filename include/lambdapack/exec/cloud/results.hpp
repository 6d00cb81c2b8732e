// The results of a run as objects: matrices as Zarr v2 arrays, which Python opens where they are,
// other arrays as tiles in the encoding of values.
#pragma once

#include <complex>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lambdapack/exec/cloud/arrays.hpp"
#include "lambdapack/exec/cloud/chunks.hpp"
#include "lambdapack/exec/cloud/description.hpp"
#include "lambdapack/exec/cloud/encoding.hpp"
#include "lambdapack/exec/cloud/keys.hpp"

namespace lambdapack::exec::cloud {

namespace detail {

/// Calls f(T{}) for the scalar that the payload is a dense matrix of.
template <class F>
auto with_scalar(const std::string& payload, F&& f) {
  if (payload == tile::scalar_name<double>()) return f(double{});
  if (payload == tile::scalar_name<float>()) return f(float{});
  if (payload == tile::scalar_name<std::complex<double>>()) return f(std::complex<double>{});
  return f(std::complex<float>{});
}

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

  /// The bytes of a tile's object.
  std::string bytes(const FinalTile& final) const {
    const ArrayDescription& array = of(final.name);
    if (!array.grid) return encode(final.tile);
    return detail::with_scalar(array.payload, [&]<class T>(T) {
      return detail::chunk_of(std::as_const(final.tile).template get<tile::Dense<T>>(),
                              *array.grid);
    });
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
    const std::optional<std::string> bytes = objects_.get(at);
    if (!bytes) detail::refuse_missing(at);
    if (hexadecimal(digest(*bytes)) != digits)
      detail::refuse_object(at, "its checksum is not the one that its task has noted");
    const ArrayDescription& array = of(name);
    if (!array.grid) return decode(*bytes, type, at);
    return detail::with_scalar(array.payload, [&]<class T>(T) {
      if (static_cast<std::int64_t>(bytes->size()) !=
          detail::zarr_of(*array.grid).chunk_bytes(sizeof(T)))
        detail::refuse_object(at, text({"it has ", bytes->size(), " bytes"}));
      const auto [i, j] = detail::position(array, name.indices);
      return detail::tile_of<T>(*bytes, array.grid->rows_at(i), array.grid->cols_at(j),
                                *array.grid);
    });
  }

 private:
  const ArrayDescription& of(const TileName& name) const {
    return *arrays_[static_cast<std::size_t>(name.array)];
  }

  ObjectStore& objects_;
  const Keys& keys_;
  const std::vector<std::optional<ArrayDescription>>& arrays_;
};

}  // namespace lambdapack::exec::cloud
