// How much memory a run of a graph takes on one worker.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lambdapack/graph/measure/peak_live.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack {

namespace detail {

/// Lets the tasks of a program run in an order as an executor does.
template <class Bytes>
class HeldCounter {
 public:
  HeldCounter(const ir::Program& program, const TaskGraph& graph, const NodeList& order,
              Bytes& bytes)
      : program_(program), graph_(graph), order_(order), bytes_(bytes) {}

  std::int64_t run() {
    for (std::size_t at = 0; at < order_.size(); ++at) {
      const Node& node = order_.nodes()[at];
      each_input(node, [&](int, const TileName&, const Value& value) { last_[value] = at; });
    }
    for (std::size_t at = 0; at < order_.size(); ++at) task(order_.nodes()[at], at);
    return most_;
  }

 private:
  template <class F>
  void each_input(const Node& node, F&& f) const {
    for (int slot = 0; slot < graph_.input_count(node.line); ++slot)
      graph_.inputs(node, slot,
                    [&](const TileName& tile, const Value& value) { f(slot, tile, value); });
  }

  // The initial value of such an array is made for each task that reads it.
  bool is_made(const Value& value) const {
    if (!value.is_initial()) return false;
    const ir::ArrayRole role = role_of(value);
    return role == ir::ArrayRole::temp || role == ir::ArrayRole::out;
  }

  ir::ArrayRole role_of(const Value& value) const {
    return program_.arrays[static_cast<std::size_t>(value.tile().array)].role;
  }

  // Whether a task that is its last reader may write in its buffer: its array needs it no more.
  bool may_be_overwritten(const Value& value) const {
    return value.is_initial() ? is_made(value) || graph_.writer(value.tile()).has_value()
                              : !graph_.is_final(value.node(), value.slot);
  }

  void task(const Node& node, std::size_t at) {
    std::unordered_map<Value, int, ValueHash> slots;
    each_input(node, [&](int, const TileName& tile, const Value& value) {
      if (slots[value]++ == 0 && !held_.contains(value)) begin(value, tile);
    });
    std::vector<int> changed = changed_inputs(node.line);
    each_input(node, [&](int slot, const TileName&, const Value& value) {
      const bool moves = std::find(changed.begin(), changed.end(), slot) != changed.end() &&
                         slots[value] == 1 && (is_made(value) || last_[value] == at) &&
                         may_be_overwritten(value);
      if (moves) end(value);
    });
    for (int slot = 0; slot < graph_.output_count(node.line); ++slot)
      begin(Value::of(node, slot), graph_.output(node, slot));
    most_ = std::max(most_, now_);
    for (int slot = 0; slot < graph_.output_count(node.line); ++slot)
      if (const Value value = Value::of(node, slot); !last_.contains(value)) end(value);
    for (const auto& [value, count] : slots)
      if (is_made(value) || last_[value] == at) end(value);
  }

  // The kernel's input slots whose tiles it changes.
  std::vector<int> changed_inputs(int line) const {
    const ir::Statement& statement = program_.statements[static_cast<std::size_t>(line)];
    std::vector<int> changed;
    int input = 0;
    for (const ir::KernelParameter& p :
         program_.kernels[static_cast<std::size_t>(statement.kernel)].parameters) {
      if (p.role == ir::ParameterRole::inout) changed.push_back(input);
      if (p.role != ir::ParameterRole::out && p.role != ir::ParameterRole::scalar) ++input;
    }
    return changed;
  }

  void begin(const Value& value, const TileName& tile) {
    const std::int64_t size = bytes_of(graph_, bytes_, tile);
    held_[value] = size;
    add_bytes(now_, size);
  }

  void end(const Value& value) {
    const auto found = held_.find(value);
    if (found == held_.end()) return;
    now_ -= found->second;
    held_.erase(found);
  }

  const ir::Program& program_;
  const TaskGraph& graph_;
  const NodeList& order_;
  Bytes& bytes_;
  std::unordered_map<Value, std::size_t, ValueHash> last_;  // reader, by its place in the order
  std::unordered_map<Value, std::int64_t, ValueHash> held_;
  std::int64_t now_ = 0;
  std::int64_t most_ = 0;
};

}  // namespace detail

/// The most bytes of tiles that a run of `graph`, which is of `program`, holds at once on one
/// worker that runs the tasks in `order`: exec::Report::peak_bytes. The size of a tile is
/// bytes(array) or bytes(array, tile) -> std::int64_t, that of an empty one too.
///
/// Unlike `peak_live`, which asks what a program needs of any executor, this counts initial tiles
/// from their first reader, hands final values to their array when they are written, and knows that
/// a task which changes a tile works in its buffer if no other task and no array needs it as it
/// was. The arrays are taken to be in memory.
///
/// Memory O(tasks + tiles read), time O(tasks + edges + inputs of all tasks). Throws as
/// `peak_live`.
template <class Bytes>
std::int64_t peak_held(const ir::Program& program, const TaskGraph& graph,
                       std::span<const Node> order, Bytes&& bytes) {
  const detail::NodeList list = detail::checked_order(graph, order);
  return detail::HeldCounter<std::remove_reference_t<Bytes>>(program, graph, list, bytes).run();
}

}  // namespace lambdapack
