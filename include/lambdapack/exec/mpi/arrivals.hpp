// What the tasks of a rank wait for: values, wherever they are made.
#pragma once

#include <cstdint>
#include <vector>

#include "lambdapack/exec/detail/arrival_counts.hpp"
#include "lambdapack/exec/mpi/placement.hpp"
#include "lambdapack/exec/task_runner.hpp"
#include "lambdapack/graph/task_graph.hpp"

namespace lambdapack::exec::distributed {

/// Counts, for the tasks of one rank, the values that have arrived. Initial tiles that the rank has
/// itself, unwritten ones, and what an earlier run has saved, are there from the beginning. Safe
/// from any thread.
class Arrivals {
 public:
  /// Up to `most_dense` nodes have their counts in an array.
  Arrivals(const RunState& state, const Placement& placement, int rank, std::int64_t most_dense)
      : graph_(state.job.graph),
        unwritten_(state.unwritten),
        left_(state.left),
        placement_(placement),
        rank_(rank),
        arrived_(state.numbering.nodes(), most_dense) {}

  /// Whether a value has to arrive before a task of this rank that reads it can run.
  bool arrives(const Value& value) const {
    if (!value.is_initial()) return !left_.is_saved(value);
    return !unwritten_.applies(-1 - value.line) && comes_from_afar(value);
  }

  /// Whether it is another rank that has it first.
  bool comes_from_afar(const Value& value) const {
    if (value.is_initial() && unwritten_.applies(-1 - value.line)) return false;
    if (left_.is_saved(value)) return false;
    const int source = placement_.source_of(value);
    return source != rank_ && source != Distribution::everywhere;
  }

  /// Calls f(value) for each distinct value that a task reads and of which wanted(value) is true.
  template <class Wanted, class F>
  void distinct_inputs(const Node& node, std::vector<Value>& scratch, Wanted&& wanted,
                       F&& f) const {
    scratch.clear();
    for (int slot = 0; slot < graph_.input_count(node.line); ++slot) {
      const std::size_t others = scratch.size();
      graph_.sources(node, slot, [&](const Value& value) {
        for (std::size_t k = 0; k < others; ++k)
          if (scratch[k] == value) return;
        if (!wanted(value)) return;
        scratch.push_back(value);
        f(value);
      });
    }
  }

  /// Whether a task waits for nothing.
  bool is_root(const Node& node) const {
    bool waits = false;
    for (int slot = 0; slot < graph_.input_count(node.line) && !waits; ++slot)
      graph_.sources(node, slot, [&](const Value& value) { waits = waits || arrives(value); });
    return !waits;
  }

  /// A value that `node`, which has this number, reads has arrived; whether it was the last.
  bool arrive(const Node& node, std::int64_t number, std::vector<Value>& scratch) {
    return arrived_.arrive(number, [&] {
      std::int64_t all = 0;
      distinct_inputs(
          node, scratch, [&](const Value& v) { return arrives(v); }, [&](const Value&) { ++all; });
      return all;
    });
  }

  /// How many of the values that have to arrive before a task of this rank can run have not; puts
  /// those of them that other ranks have first, arrived or not, into `from_afar`.
  std::int64_t missing(const Node& node, std::int64_t number, std::vector<Value>& from_afar) const {
    std::int64_t all = 0;
    distinct_inputs(
        node, from_afar, [&](const Value& v) { return arrives(v); }, [&](const Value&) { ++all; });
    std::erase_if(from_afar, [&](const Value& v) { return !comes_from_afar(v); });
    return arrived_.missing(number, all);
  }

 private:
  const TaskGraph& graph_;
  const UnwrittenTiles& unwritten_;
  const LeftOver& left_;
  const Placement& placement_;
  const int rank_;
  exec::detail::ArrivalCounts arrived_;
};

}  // namespace lambdapack::exec::distributed
