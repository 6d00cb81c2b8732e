// What a distributed run will send, told from the graph and the distributions alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "lambdapack/exec/mpi/own_tiles.hpp"
#include "lambdapack/exec/mpi/placement.hpp"
#include "lambdapack/exec/mpi/receivers.hpp"
#include "lambdapack/graph/task_graph.hpp"

namespace lambdapack::exec::distributed {

/// What one rank runs and sends. A value counts once for each rank that it is sent to.
struct RankTraffic {
  std::int64_t tasks = 0;
  std::int64_t values_sent = 0;
  std::int64_t bytes_sent = 0;
  std::int64_t values_received = 0;
  std::int64_t bytes_received = 0;
  friend bool operator==(const RankTraffic&, const RankTraffic&) = default;
};

/// The traffic of each rank, where bytes(TileName) -> std::int64_t is the size of a value's payload
/// (`byte_size`). `extents` are those of the arrays by position, empty for a temp. No executor that
/// sends values, and each once to each rank that needs it, sends less. Takes a time proportional to
/// the graph.
template <class Bytes>
std::vector<RankTraffic> predict_traffic(const TaskGraph& graph, const Placement& placement,
                                         const std::vector<std::vector<std::int64_t>>& extents,
                                         Bytes&& bytes) {
  std::vector<RankTraffic> all(static_cast<std::size_t>(placement.ranks()));
  ReceiverFinder finder(graph, placement);
  const auto add = [&](const Value& value, const TileName& tile) {
    const std::vector<int>& ranks = finder.find(value, -1).ranks;
    if (ranks.size() < 2) return;
    const std::int64_t size = bytes(tile);
    for (std::size_t from = 0; from < ranks.size(); ++from)
      for_each_child(from, ranks.size(), [&](std::size_t to) {
        RankTraffic& sender = all[static_cast<std::size_t>(ranks[from])];
        RankTraffic& receiver = all[static_cast<std::size_t>(ranks[to])];
        ++sender.values_sent;
        sender.bytes_sent += size;
        ++receiver.values_received;
        receiver.bytes_received += size;
      });
  };
  graph.for_each_task([&](const Node& node) {
    ++all[static_cast<std::size_t>(placement.rank_of(node))].tasks;
    for (int slot = 0; slot < graph.output_count(node.line); ++slot)
      add(Value::of(node, slot), graph.output(node, slot));
  });
  for (int a = 0; a < graph.arrays(); ++a) {
    const Distribution& initial = placement.array(a).initial;
    if (!graph.is_bound(a) || initial.is_replicated()) continue;
    for (int rank = 0; rank < placement.ranks(); ++rank) {
      OwnTiles tiles(extents[static_cast<std::size_t>(a)], initial, rank);
      for (TileName tile{a, {}}; tiles.next(tile.indices);) add(Value::initial(tile), tile);
    }
  }
  return all;
}

}  // namespace lambdapack::exec::distributed
