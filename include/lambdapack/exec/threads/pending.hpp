// Tasks that some but not all of their predecessors have finished.
#pragma once

#include <atomic>
#include <cstdint>

#include "lambdapack/exec/detail/table.hpp"
#include "lambdapack/exec/left_over.hpp"
#include "lambdapack/exec/numbering.hpp"

namespace lambdapack::exec {

/// Counts the predecessors of nodes that have finished. Where nodes are too many for an array
/// (detail/table.hpp) a node is held from its first finished predecessor to its last, so memory
/// follows the frontier of the run.
class PendingTable {
 public:
  PendingTable(const LeftOver& left, const Numbering& numbering)
      : left_(left), arrived_(numbering.nodes()) {}

  /// A predecessor of `node`, which has this number, has finished; whether it was the last. All
  /// that the predecessors did has then happened before.
  bool arrive(const Node& node, std::int64_t number) {
    Arrived& arrived = arrived_.at(number);
    // The first to arrive asks how many there are and takes that number off, so that whoever
    // brings the count to 0, by one or the other, is the last.
    const std::int64_t before = arrived.count.fetch_add(1, std::memory_order_acq_rel);
    if (before == 0) {
      const std::int64_t all = left_.in_degree(node);
      if (arrived.count.fetch_sub(all, std::memory_order_acq_rel) != all) return false;
    } else if (before != -1) {
      return false;
    }
    arrived_.drop(number);
    return true;
  }

 private:
  struct Arrived {
    std::atomic<std::int64_t> count{0};
  };

  const LeftOver& left_;
  detail::Table<Arrived> arrived_;
};

}  // namespace lambdapack::exec
