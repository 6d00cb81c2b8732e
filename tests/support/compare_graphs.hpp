// Compares a task graph, question by question, with its unrolling.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include "lambdapack/graph/task_graph.hpp"
#include "support/brute_force.hpp"
#include "support/require.hpp"

namespace brute_force {

/// The nodes that `ask(f)` hands to f, as a set; no node may come twice.
template <class Ask>
std::set<Node> set_of(Ask&& ask) {
  std::set<Node> nodes;
  ask([&](const Node& n) {
    INFO("a node came twice");
    REQUIRE(nodes.insert(n).second);
  });
  return nodes;
}

template <class Key>
const std::set<Node>& at_or_empty(const std::map<Key, std::set<Node>>& map, const Key& key) {
  static const std::set<Node> empty;
  const auto found = map.find(key);
  return found == map.end() ? empty : found->second;
}

inline void compare_node(const lambdapack::TaskGraph& graph, const Graph& truth, const Node& n,
                         const ir::Program& program) {
  const auto& successors = at_or_empty(truth.successors, n);
  const auto& predecessors = at_or_empty(truth.predecessors, n);
  REQUIRE(graph.contains(n));
  REQUIRE(set_of([&](auto f) { graph.successors(n, f); }) == successors);
  REQUIRE(set_of([&](auto f) { graph.predecessors(n, f); }) == predecessors);
  REQUIRE(graph.in_degree(n) == static_cast<std::int64_t>(predecessors.size()));

  const ir::Statement& s = program.statements[static_cast<std::size_t>(n.line)];
  for (int k = 0; k < static_cast<int>(s.reads.size()); ++k) {
    std::vector<Seen> seen;
    graph.inputs(n, k, [&](const TileName& t, const Value& v) { seen.push_back({t, v}); });
    const auto found = truth.inputs.find({n, k});
    REQUIRE(seen == found->second);
  }
  for (int k = 0; k < static_cast<int>(s.writes.size()); ++k) {
    const TileName tile = truth.outputs.at({n, k});
    REQUIRE(graph.output(n, k) == tile);
    const auto last = truth.final_writer.find(tile);
    REQUIRE(graph.is_final(n, k) ==
            (last != truth.final_writer.end() && last->second == Value::of(n, k)));
  }
}

/// Which of the nodes next to those of the graph exist.
inline void compare_neighbours(const lambdapack::TaskGraph& graph, const Graph& truth) {
  const std::set<Node> all(truth.order.begin(), truth.order.end());
  for (const Node& n : truth.order)
    for (std::size_t d = 0; d < n.indices.size(); ++d)
      for (const int step : {-1, 1}) {
        Node near = n;
        near.indices[d] += step;
        REQUIRE(graph.contains(near) == all.contains(near));
      }
  REQUIRE(!graph.contains({graph.statements(), {}}));
}

inline void compare_counts(const lambdapack::TaskGraph& graph, const Graph& truth) {
  std::vector<std::int64_t> counts(static_cast<std::size_t>(graph.statements()));
  for (const Node& n : truth.order) ++counts[static_cast<std::size_t>(n.line)];
  for (int line = 0; line < graph.statements(); ++line)
    REQUIRE(graph.size(line) == counts[static_cast<std::size_t>(line)]);
}

/// Every question that a TaskGraph answers, for every node, tile and value of a small graph.
inline void compare(const lambdapack::TaskGraph& graph, const Graph& truth,
                    const ir::Program& program) {
  std::vector<Node> order;
  graph.for_each_task([&](const Node& n) { order.push_back(n); });
  REQUIRE(order == truth.order);
  REQUIRE(graph.size() == static_cast<std::int64_t>(truth.order.size()));
  compare_counts(graph, truth);
  compare_neighbours(graph, truth);

  std::set<Node> roots;
  for (const Node& n : truth.order) {
    compare_node(graph, truth, n, program);
    if (truth.is_root(n)) roots.insert(n);
  }
  REQUIRE(set_of([&](auto f) { graph.roots(f); }) == roots);

  for (const auto& [value, readers] : truth.readers) {
    REQUIRE(set_of([&](auto f) { graph.readers(value, f); }) == readers);
    REQUIRE(graph.reader_count(value) == static_cast<std::int64_t>(readers.size()));
  }
  for (const auto& [key, tile] : truth.outputs) {
    const Value v = Value::of(key.first, key.second);
    if (!truth.readers.contains(v)) REQUIRE(graph.reader_count(v) == 0);
    std::set<Value> writers;
    graph.writers(tile, [&](const Value& w) { REQUIRE(writers.insert(w).second); });
    REQUIRE(writers == truth.tile_writers.at(tile));
    const auto last = truth.final_writer.find(tile);
    REQUIRE(graph.writer(tile) ==
            (last == truth.final_writer.end() ? std::nullopt : std::optional(last->second)));
  }
  for (const auto& [tile, readers] : truth.tile_readers)
    REQUIRE(set_of([&](auto f) { graph.readers(tile, f); }) == readers);
}

}  // namespace brute_force
