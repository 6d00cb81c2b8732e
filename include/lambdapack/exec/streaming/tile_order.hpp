// In which order a run that cannot hold all of its tiles works on them.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "lambdapack/graph/task_graph.hpp"

namespace lambdapack::exec::streaming {

/// The place of a tile on the Z-shaped curve through all tiles: of any stretch of it the tiles lie
/// in a few squares, so that what is loaded for one row or column of them serves many, and tiles
/// that lie before one in every dimension are before it on the curve. Source: Morton, "A computer
/// oriented geodetic data base and a new technique in file sequencing", 1966.
inline std::uint64_t place_on_curve(const Indices& tile) {
  const std::size_t rank = tile.size();
  if (rank == 0) return 0;
  std::uint64_t largest = 0;
  for (const std::int64_t x : tile)
    largest = std::max(largest, static_cast<std::uint64_t>(std::max<std::int64_t>(x, 0)));
  const int bits = std::min(static_cast<int>(std::bit_width(largest)), static_cast<int>(63 / rank));
  std::uint64_t place = 0;
  for (int b = bits; b-- > 0;)
    for (const std::int64_t x : tile)
      place = place << 1 | (static_cast<std::uint64_t>(std::max<std::int64_t>(x, 0)) >> b & 1);
  return place;
}

/// When a node has its turn: with the last of the tiles that it writes.
struct Target {
  std::uint64_t place = 0;
  int slot = 0;  ///< the output that writes this tile
};

inline Target target_of(const TaskGraph& graph, const Node& node) {
  Target target;
  for (int slot = 0; slot < graph.output_count(node.line); ++slot) {
    const std::uint64_t place = place_on_curve(graph.output(node, slot).indices);
    if (place >= target.place) target = {place, slot};
  }
  return target;
}

}  // namespace lambdapack::exec::streaming
