// What the tasks of a graph read of each other, and of what was there before, in bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "lambdapack/graph/detail/measuring.hpp"
#include "lambdapack/graph/task_graph.hpp"

namespace lambdapack {

/// Values of one array that nodes of statement `to` read, and that nodes of statement `from`
/// wrote; `from` is -1 for the tiles' initial contents. A value that a node reads is counted once
/// for each such node, however many of the node's inputs see it.
struct Transfer {
  int from = 0;
  int to = 0;
  int array = 0;
  std::int64_t values = 0;
  std::int64_t bytes = 0;
  friend bool operator==(const Transfer&, const Transfer&) = default;
};

/// All that tasks read.
struct Traffic {
  std::vector<Transfer> between_tasks;  ///< by `from`, then `to`, then `array`
  std::vector<Transfer> initial;        ///< by `to`, then `array`
  std::int64_t bytes_between_tasks = 0;
  std::int64_t bytes_initial = 0;
};

/// What is read along each family of edges, by array, with the size of a tile by bytes(array) or
/// bytes(array, tile) -> std::int64_t: what would have to move if every task ran on a worker of
/// its own. Memory O(statements^2 * arrays + inputs of one task), time O(inputs of all tasks).
/// Throws input_error for a negative size and for sums beyond 2^63.
template <class Bytes>
Traffic traffic(const TaskGraph& graph, Bytes&& bytes) {
  std::map<std::array<int, 3>, Transfer> transfers;
  std::vector<std::pair<Value, TileName>> scratch;
  graph.for_each_task([&](const Node& node) {
    detail::distinct_inputs(graph, node, scratch, [&](const TileName& tile, const Value& value) {
      const int from = value.is_initial() ? -1 : value.line;
      Transfer& t = transfers[{from, node.line, tile.array}];
      ++t.values;
      detail::add_bytes(t.bytes, detail::bytes_of(graph, bytes, tile));
    });
  });
  Traffic all;
  for (auto& [key, t] : transfers) {
    t.from = key[0];
    t.to = key[1];
    t.array = key[2];
    const bool initial = t.from < 0;
    detail::add_bytes(initial ? all.bytes_initial : all.bytes_between_tasks, t.bytes);
    (initial ? all.initial : all.between_tasks).push_back(t);
  }
  return all;
}

}  // namespace lambdapack
