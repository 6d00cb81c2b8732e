// Compares what a task graph says of sinks, program order, edges and lifetimes with its unrolling.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "lambdapack/graph/task_graph.hpp"
#include "support/brute_force.hpp"
#include "support/compare_graphs.hpp"
#include "support/require.hpp"

namespace brute_force {

/// The number of edges for each pair of statements that has any.
inline std::map<std::pair<int, int>, std::int64_t> edges_of(const Graph& truth) {
  std::map<std::pair<int, int>, std::int64_t> edges;
  for (const auto& [from, successors] : truth.successors)
    for (const Node& to : successors) ++edges[{from.line, to.line}];
  return edges;
}

inline void compare_sinks(const lambdapack::TaskGraph& graph, const Graph& truth) {
  std::set<Node> sinks;
  for (const Node& n : truth.order)
    if (!truth.successors.contains(n)) sinks.insert(n);
  REQUIRE(set_of([&](auto f) { graph.sinks(f); }) == sinks);
  std::set<Node> by_line;
  for (int line = 0; line < graph.statements(); ++line) {
    auto cursor = graph.sinks(line);
    for (Node n; cursor.next(n);) REQUIRE((n.line == line && by_line.insert(n).second));
  }
  REQUIRE(by_line == sinks);
}

/// Every pair of nodes of a small graph, of a large one each with a few others.
inline void compare_order(const lambdapack::TaskGraph& graph, const Graph& truth) {
  const std::size_t n = truth.order.size();
  const std::size_t step = n / 60 + 1;
  bool right = true;
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = a % step; b < n; b += step)
      right = right && graph.before(truth.order[a], truth.order[b]) == (a < b);
    if (a + 1 < n)
      right = right && graph.before(truth.order[a], truth.order[a + 1]) &&
              !graph.before(truth.order[a + 1], truth.order[a]);
  }
  REQUIRE(right);
}

inline void compare_last_readers(const lambdapack::TaskGraph& graph, const Graph& truth) {
  std::map<Value, Node> last;
  for (const Node& n : truth.order)
    for (int slot = 0; slot < graph.input_count(n.line); ++slot)
      for (const Seen& seen : truth.inputs.at({n, slot})) last[seen.value] = n;
  for (const auto& [value, node] : last) REQUIRE(graph.last_reader(value) == std::optional(node));
  for (const auto& [key, tile] : truth.outputs) {
    const Value v = Value::of(key.first, key.second);
    if (!last.contains(v)) REQUIRE(graph.last_reader(v) == std::nullopt);
  }
}

inline void compare_edges(const lambdapack::TaskGraph& graph, const Graph& truth) {
  auto left = edges_of(truth);
  std::int64_t total = 0;
  for (const lambdapack::form::EdgeFamily& family : graph.edge_families()) {
    INFO("edges " << family.from << " -> " << family.to << ": " << graph.edge_formula(family));
    const auto found = left.find({family.from, family.to});
    const std::int64_t edges = found == left.end() ? 0 : found->second;
    REQUIRE(graph.edges(family) == edges);
    REQUIRE(graph.edge_formula(family).empty() == !family.count.known);
    if (found != left.end()) left.erase(found);
    total += edges;
  }
  INFO("edges that belong to no family");
  REQUIRE(left.empty());
  REQUIRE(graph.edges() == total);
}

/// Numbers of tasks and edges by formula against those of a walk over the graph itself.
inline void compare_formulas(const lambdapack::TaskGraph& graph) {
  std::map<int, std::int64_t> tasks;
  std::map<std::pair<int, int>, std::int64_t> edges;
  graph.for_each_task([&](const Node& from) {
    ++tasks[from.line];
    graph.successors(from, [&](const Node& to) { ++edges[{from.line, to.line}]; });
  });
  for (int line = 0; line < graph.statements(); ++line) {
    INFO("tasks of statement " << line << ": " << graph.count_formula(line));
    REQUIRE(graph.size(line) == tasks[line]);
  }
  for (const lambdapack::form::EdgeFamily& family : graph.edge_families()) {
    INFO("edges " << family.from << " -> " << family.to << ": " << graph.edge_formula(family));
    REQUIRE(graph.edges(family) == edges[{family.from, family.to}]);
  }
}

/// All of these questions.
inline void compare_order_and_edges(const lambdapack::TaskGraph& graph, const Graph& truth) {
  compare_sinks(graph, truth);
  compare_order(graph, truth);
  compare_last_readers(graph, truth);
  compare_edges(graph, truth);
}

}  // namespace brute_force
