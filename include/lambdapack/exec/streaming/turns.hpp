// When the nodes of a run that cannot hold all of its tiles have their turns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "lambdapack/exec/streaming/tile_order.hpp"
#include "lambdapack/exec/task_runner.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::exec::streaming {

/// Knows who has run, by one bit for each number of a node.
class Turns {
 public:
  /// Throws input_error if there are more numbers than a run can have bits for.
  explicit Turns(const RunState& state) : state_(state), has_run_(bits_for(state)) {}

  void has_run(std::int64_t node) { has_run_[static_cast<std::size_t>(node)] = true; }

  /// Where in the order of tiles a node has its turn, or nothing if it has run or need not.
  std::optional<std::uint64_t> of(const Node& node) const {
    if (has_run_[static_cast<std::size_t>(state_.numbering.number(node))]) return {};
    if (!state_.left.runs(node)) return {};
    return target_of(state_.job.graph, node).place;
  }

 private:
  static std::size_t bits_for(const RunState& state) {
    constexpr std::int64_t most = std::int64_t{1} << 32;
    const std::int64_t nodes = state.numbering.nodes();
    if (nodes > most)
      throw input_error(text({"lambdapack: the loops of ",
                              std::string_view(state.job.program->name), " span ", nodes,
                              " combinations of indices, and a run with a limit of memory counts "
                              "at most ",
                              most, "; use larger tiles"}));
    return static_cast<std::size_t>(nodes);
  }

  const RunState& state_;
  std::vector<bool> has_run_;
};

}  // namespace lambdapack::exec::streaming
