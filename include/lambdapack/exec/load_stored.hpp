// Values that are in an array.
#pragma once

#include <cstddef>

#include "lambdapack/exec/job.hpp"

namespace lambdapack::exec {

/// A tile's contents before the run, or a final value that its array can read again. Throws what
/// the array throws.
inline tile::Tile load_stored(const Job& job, const Value& value) {
  const TileName tile =
      value.is_initial() ? value.tile() : job.graph.output(value.node(), value.slot);
  tile::Store& array = *job.arrays[static_cast<std::size_t>(tile.array)];
  return value.is_initial() ? array.load(tile.indices) : array.load_saved(tile.indices);
}

}  // namespace lambdapack::exec
