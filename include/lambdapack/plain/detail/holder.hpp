// Where the tiles of an lp::Tiles are: what the views of matrices, arrays and temporaries have in
// common.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "lambdapack/codes.hpp"
#include "lambdapack/graph/node.hpp"
#include "lambdapack/text.hpp"
#include "lambdapack/tile/store.hpp"

namespace lambdapack::plain {

/// For tables by a tile's indices.
struct IndexHash {
  std::size_t operator()(const Indices& index) const {
    return lambdapack::detail::hash_of(0, index);
  }
};

/// The places of tiles with payload P. Indices are such as `require` lets pass.
template <class P>
class Holder {
 public:
  Holder() = default;
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  virtual ~Holder() = default;

  /// The number of tiles in a dimension. Throws program_error if it has none.
  virtual std::int64_t extent(int dimension) const = 0;

  /// For messages: what this is, such as "a matrix in memory (...)".
  virtual std::string describe() const = 0;

  /// Throws input_error unless there is a tile with these indices.
  virtual void require(const Indices& index) const {
    for (std::size_t d = 0; d < index.size(); ++d)
      if (index[d] < 0 || index[d] >= extent(static_cast<int>(d))) refuse(index, d);
  }

  /// The tile as it is, until `unused`. Throws program_error if nothing has written it.
  virtual const P& look(const Indices& index) = 0;
  /// The same, to be changed where it is.
  virtual P& update(const Indices& index) = 0;
  /// A payload of the shape that belongs there, its elements not set.
  virtual P blank(const Indices& index) const = 0;
  /// Makes a payload the tile.
  virtual void put(const Indices& index, P payload) = 0;

  /// A kernel has made this payload of the tile. Throws input_error if it does not fit its place.
  virtual void fit(const Indices&, P&) {}
  /// No call uses the tile any more.
  virtual void unused(const Indices&) noexcept {}

 private:
  [[noreturn, gnu::cold, gnu::noinline]] void refuse(const Indices& index, std::size_t d) const {
    throw input_error(
        text({"lambdapack: tile ", tile::to_string(index), " is outside of ", describe(),
              ": index ", d, " is ", index[d], ", and there are ", extent(static_cast<int>(d)),
              " tiles in that dimension; check the bounds of the loops, indices count from 0"}),
        codes::index_out_of_extent);
  }
};

}  // namespace lambdapack::plain
