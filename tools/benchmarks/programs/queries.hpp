// What programs that time queries of a task graph share.
#pragma once

#include <benchmark/benchmark.h>
#include <malloc.h>

#include <lambdapack/graph/task_graph.hpp>

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace bench {

using lambdapack::Node;
using lambdapack::TaskGraph;

constexpr std::size_t asked_nodes = 4096;

/// Something of an answer that depends on all of it, to compare answers by.
inline std::int64_t digest(const Node& node) {
  std::int64_t sum = node.line;
  for (std::int64_t x : node.indices) sum = 31 * sum + x;
  return sum;
}

inline std::int64_t digest(int line, auto... index) {
  std::int64_t sum = line;
  ((sum = 31 * sum + index), ...);
  return sum;
}

inline std::int64_t ask(const TaskGraph& graph, const Node& node) {
  std::int64_t sum = 0;
  graph.successors(node, [&](const Node& next) { sum += digest(next); });
  return sum;
}

/// Asks about all nodes in turn; one iteration is one query.
template <class Ask>
void time_each(benchmark::State& state, const std::vector<Node>& nodes, Ask&& answer) {
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(answer(nodes[next]));
    next = next + 1 == nodes.size() ? 0 : next + 1;
  }
}

/// Asks for the successors of all nodes in turn. An answer that is not that of the closed form
/// ends the benchmark with an error.
template <class Ask>
void time_successors(benchmark::State& state, const TaskGraph& truth,
                     const std::vector<Node>& nodes, Ask&& answer) {
  for (const Node& node : nodes)
    if (answer(node) != ask(truth, node)) return state.SkipWithError("a wrong answer");
  time_each(state, nodes, answer);
}

/// The honest baseline: the unrolled graph, in a hash table from a node to its successors.
class HashTable {
 public:
  explicit HashTable(const TaskGraph& graph) {
    const std::size_t before = bytes_in_use();
    graph.for_each_task([&](const Node& node) {
      auto& readers = table_[node];
      graph.successors(node, [&](const Node& next) { readers.push_back(next); });
    });
    bytes_ = bytes_in_use() - before;
  }

  /// What it holds of the heap.
  std::size_t bytes() const { return bytes_; }

  std::int64_t ask(const Node& node) const {
    std::int64_t sum = 0;
    for (const Node& next : table_.find(node)->second) sum += digest(next);
    return sum;
  }

 private:
  static std::size_t bytes_in_use() {
    const auto heap = mallinfo2();
    return heap.uordblks + heap.hblkhd;
  }

  std::unordered_map<Node, std::vector<Node>, lambdapack::NodeHash> table_;
  std::size_t bytes_ = 0;
};

/// Times the successors as a hash table gives them; the counter `table_bytes` is what it holds.
inline void time_hash_table(benchmark::State& state, const TaskGraph& graph,
                            const std::vector<Node>& nodes) {
  const HashTable table(graph);
  state.counters["table_bytes"] = static_cast<double>(table.bytes());
  time_successors(state, graph, nodes, [&](const Node& node) { return table.ask(node); });
}

}  // namespace bench
