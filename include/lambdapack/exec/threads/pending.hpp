// Tasks that some but not all of their predecessors have finished.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "lambdapack/graph/task_graph.hpp"

namespace lambdapack::exec {

/// Counts down the predecessors of nodes. A node is held from its first finished predecessor to
/// its last, so memory follows the frontier of the run.
class PendingTable {
 public:
  explicit PendingTable(const TaskGraph& graph) : graph_(graph) {}

  /// A predecessor of `node` has finished; whether it was the last.
  bool arrive(const Node& node) {
    Shard& s = shards_[(NodeHash{}(node) >> 56) % shards_.size()];
    const std::lock_guard lock(s.mutex);
    const auto [entry, fresh] = s.missing.try_emplace(node, 0);
    if (fresh) entry->second = graph_.in_degree(node);
    if (--entry->second > 0) return false;
    s.missing.erase(entry);
    return true;
  }

 private:
  struct Shard {
    std::mutex mutex;
    std::unordered_map<Node, std::int64_t, NodeHash> missing;
  };

  const TaskGraph& graph_;
  std::array<Shard, 64> shards_;
};

}  // namespace lambdapack::exec
