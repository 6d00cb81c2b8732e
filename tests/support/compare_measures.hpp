// Compares the measurements of a task graph with what its unrolling says, counted the slow way.
#pragma once

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "lambdapack/graph/measure.hpp"
#include "support/brute_force.hpp"
#include "support/compare_graphs.hpp"

namespace brute_force {

/// Costs and sizes that differ from node to node and from tile to tile; sums of costs are exact.
inline double cost_of(const Node& node) {
  std::int64_t sum = node.line + 1;
  for (const std::int64_t x : node.indices) sum = 3 * sum + x;
  return static_cast<double>((sum % 7 + 7) % 7) / 4;
}
inline std::int64_t size_of(int array, const lambdapack::Indices& tile) {
  std::int64_t sum = array;
  for (const std::int64_t x : tile) sum = 5 * sum + x;
  return (sum % 11 + 11) % 11;
}

/// When each node ends in the earliest schedule.
template <class Cost>
std::map<Node, double> ends(const Graph& truth, Cost cost) {
  std::map<Node, double> end;
  for (const Node& n : truth.order) {
    double start = 0;
    for (const Node& p : at_or_empty(truth.predecessors, n)) start = std::max(start, end.at(p));
    end[n] = start + cost(n);
  }
  return end;
}

inline void compare_schedule(const lambdapack::TaskGraph& graph, const Graph& truth) {
  const auto end = ends(truth, cost_of);
  double length = 0;
  for (const auto& [node, e] : end) length = std::max(length, e);
  const lambdapack::CriticalPath path = lambdapack::critical_path(graph, cost_of);
  REQUIRE(path.length == length);
  REQUIRE(path.nodes.empty() == truth.order.empty());
  double sum = 0;
  for (std::size_t k = 0; k < path.nodes.size(); ++k) {
    sum += cost_of(path.nodes[k]);
    if (k > 0) REQUIRE(at_or_empty(truth.predecessors, path.nodes[k]).contains(path.nodes[k - 1]));
  }
  REQUIRE(sum == length);

  std::set<double> times;
  for (const auto& [node, e] : end) times.insert({e - cost_of(node), e});
  std::vector<lambdapack::Running> profile;
  for (const double time : times) {
    profile.push_back({time, 0});
    for (const auto& [node, e] : end)
      if (e - cost_of(node) <= time && time < e) ++profile.back().running;
  }
  REQUIRE(lambdapack::width_profile(graph, cost_of) == profile);

  std::map<double, std::int64_t> per_step;
  for (const auto& [node, e] : ends(truth, [](const Node&) { return 1.0; })) ++per_step[e - 1];
  std::vector<lambdapack::Running> steps;
  for (const auto& [time, n] : per_step) steps.push_back({time, n});
  if (!steps.empty()) steps.push_back({steps.back().time + 1, 0});
  REQUIRE(lambdapack::width_profile(graph) == steps);
}

/// The distinct values that a node reads, with their tiles.
inline std::map<Value, TileName> reads_of(const lambdapack::TaskGraph& graph, const Graph& truth,
                                          const Node& node) {
  std::map<Value, TileName> reads;
  for (int slot = 0; slot < graph.input_count(node.line); ++slot)
    for (const Seen& seen : truth.inputs.at({node, slot})) reads[seen.value] = seen.tile;
  return reads;
}

inline void compare_traffic(const lambdapack::TaskGraph& graph, const Graph& truth) {
  std::map<std::array<int, 3>, std::pair<std::int64_t, std::int64_t>> expected;
  for (const Node& node : truth.order)
    for (const auto& [value, tile] : reads_of(graph, truth, node)) {
      auto& [values, bytes] =
          expected[{value.is_initial() ? -1 : value.line, node.line, tile.array}];
      ++values;
      bytes += size_of(tile.array, tile.indices);
    }
  const lambdapack::Traffic traffic = lambdapack::traffic(graph, size_of);
  std::int64_t between = 0, initial = 0;
  auto all = traffic.initial;
  all.insert(all.end(), traffic.between_tasks.begin(), traffic.between_tasks.end());
  REQUIRE(all.size() == expected.size());
  auto next = expected.begin();
  for (const lambdapack::Transfer& t : all) {
    REQUIRE(std::array{t.from, t.to, t.array} == next->first);
    REQUIRE(std::pair(t.values, t.bytes) == next->second);
    (t.from < 0 ? initial : between) += t.bytes;
    ++next;
  }
  REQUIRE(traffic.bytes_between_tasks == between);
  REQUIRE(traffic.bytes_initial == initial);
}

/// The nodes in some order that keeps every dependence.
inline std::vector<Node> shuffled(const Graph& truth, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::map<Node, std::size_t> waits;
  std::vector<Node> ready, order;
  for (const Node& n : truth.order) {
    waits[n] = at_or_empty(truth.predecessors, n).size();
    if (waits[n] == 0) ready.push_back(n);
  }
  while (!ready.empty()) {
    std::swap(ready[random() % ready.size()], ready.back());
    const Node node = ready.back();
    ready.pop_back();
    order.push_back(node);
    for (const Node& n : at_or_empty(truth.successors, node))
      if (--waits[n] == 0) ready.push_back(n);
  }
  return order;
}

inline void compare_peak(const lambdapack::TaskGraph& graph, const Graph& truth,
                         const std::vector<Node>& order, const lambdapack::PeakLive& peak) {
  struct Life {
    TileName tile;
    std::size_t from, to;
  };
  std::map<Value, Life> lives;
  for (std::size_t at = 0; at < order.size(); ++at) {
    for (const auto& [value, tile] : reads_of(graph, truth, order[at])) {
      const auto life = lives.try_emplace(value, Life{tile, 0, 0}).first;
      if (life->second.to != order.size()) life->second.to = at;
    }
    for (int slot = 0; slot < graph.output_count(order[at].line); ++slot) {
      const TileName tile = truth.outputs.at({order[at], slot});
      const Value value = Value::of(order[at], slot);
      const auto last = truth.final_writer.find(tile);
      const bool final = last != truth.final_writer.end() && last->second == value;
      lives[value] = {tile, at, final ? order.size() : at};
    }
  }
  std::int64_t most_tiles = 0, most_bytes = 0;
  for (std::size_t at = 0; at < order.size(); ++at) {
    std::int64_t tiles = 0, bytes = 0;
    for (const auto& [value, life] : lives)
      if (life.from <= at && at <= life.to) {
        ++tiles;
        bytes += size_of(life.tile.array, life.tile.indices);
      }
    if (at == 0 || bytes > most_bytes) {
      most_bytes = bytes;
      if (peak.bytes == bytes) REQUIRE(peak.at == order[at]);
    }
    most_tiles = std::max(most_tiles, tiles);
  }
  REQUIRE(peak.tiles == most_tiles);
  REQUIRE(peak.bytes == most_bytes);
  REQUIRE(peak.at.has_value() == !order.empty());
}

/// All measurements of a small graph.
inline void compare_measures(const lambdapack::TaskGraph& graph, const Graph& truth) {
  compare_schedule(graph, truth);
  compare_traffic(graph, truth);
  compare_peak(graph, truth, truth.order, lambdapack::peak_live(graph, size_of));
  const std::vector<Node> order = shuffled(truth, truth.order.size());
  REQUIRE(order.size() == truth.order.size());
  compare_peak(graph, truth, order, lambdapack::peak_live(graph, order, size_of));
}

}  // namespace brute_force
