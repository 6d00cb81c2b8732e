// How much memory a graph needs when its tasks run in a given order.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/graph/detail/measuring.hpp"
#include "lambdapack/graph/task_graph.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack {

/// The largest numbers of tiles, and of their bytes, that live at once.
struct PeakLive {
  std::int64_t tiles = 0;
  std::int64_t bytes = 0;
  std::optional<Node> at;  ///< the first node while which so many bytes live; none without tasks
};

namespace detail {

/// The nodes of an order, if each node of the graph is in it once and after all it waits for;
/// throws input_error if not.
inline NodeList checked_order(const TaskGraph& graph, std::span<const Node> order) {
  NodeList list;
  for (const Node& node : order) {
    if (!graph.contains(node))
      throw input_error(text({"lambdapack: an order of tasks has ", name_of(graph, node),
                              ", which is not a task at these sizes; leave it out"}));
    if (!list.add(node))
      throw input_error(text({"lambdapack: an order of tasks has ", name_of(graph, node),
                              " twice; name each task once"}));
    graph.predecessors(node, [&](const Node& before) {
      if (!list.contains(before))
        throw input_error(
            text({"lambdapack: an order of tasks has ", name_of(graph, node), " before ",
                  name_of(graph, before), ", for which it waits; move it behind that task"}));
    });
  }
  if (static_cast<std::int64_t>(list.size()) != graph.size())
    graph.for_each_task([&](const Node& node) {
      if (!list.contains(node))
        throw input_error(
            text({"lambdapack: an order of tasks lacks ", name_of(graph, node), ": ", list.size(),
                  " of ", graph.size(), " tasks are in it; name each task once"}));
    });
  return list;
}

/// Lets the tasks of a graph run in an order, and keeps count of what lives.
template <class Bytes>
class LiveCounter {
 public:
  LiveCounter(const TaskGraph& graph, const NodeList& order, Bytes& bytes)
      : graph_(graph), order_(order), bytes_(bytes) {}

  PeakLive run() {
    find_last_readers();
    for (const auto& [value, life] : lives_)
      if (is_there_at_first(value)) born(life.bytes);
    for (std::size_t at = 0; at < order_.size(); ++at) task(at);
    return peak_;
  }

 private:
  // Of a value that is read.
  struct Life {
    std::size_t last = 0;
    std::int64_t bytes = 0;
    bool begun = false;
  };

  void find_last_readers() {
    for (std::size_t at = 0; at < order_.size(); ++at)
      distinct_inputs(graph_, order_.nodes()[at], scratch_,
                      [&](const TileName& tile, const Value& value) {
                        const auto [life, fresh] = lives_.try_emplace(value);
                        if (fresh) life->second.bytes = bytes_of(graph_, bytes_, tile);
                        life->second.last = at;
                      });
  }

  bool is_there_at_first(const Value& value) const {
    return value.is_initial() && graph_.is_bound(value.tile().array);
  }

  void task(std::size_t at) {
    const Node& node = order_.nodes()[at];
    std::int64_t brief_tiles = 0, brief_bytes = 0;
    for (int slot = 0; slot < graph_.output_count(node.line); ++slot) {
      const std::int64_t size = bytes_of(graph_, bytes_, graph_.output(node, slot));
      born(size);
      if (graph_.is_final(node, slot) || lives_.contains(Value::of(node, slot))) continue;
      ++brief_tiles;
      brief_bytes += size;
    }
    distinct_inputs(graph_, node, scratch_, [&](const TileName&, const Value& value) {
      Life& life = lives_.find(value)->second;
      if (value.is_initial() && !is_there_at_first(value) && !life.begun) born(life.bytes);
      life.begun = true;
    });
    look(node);
    tiles_ -= brief_tiles;
    live_bytes_ -= brief_bytes;
    for (const auto& [value, tile] : scratch_) {
      const Life& life = lives_.find(value)->second;
      if (life.last != at) continue;
      if (!value.is_initial() && graph_.is_final(value.node(), value.slot)) continue;
      --tiles_;
      live_bytes_ -= life.bytes;
    }
  }

  void born(std::int64_t size) {
    ++tiles_;
    add_bytes(live_bytes_, size);
  }

  void look(const Node& node) {
    peak_.tiles = std::max(peak_.tiles, tiles_);
    if (peak_.at && live_bytes_ <= peak_.bytes) return;
    peak_.bytes = live_bytes_;
    peak_.at = node;
  }

  const TaskGraph& graph_;
  const NodeList& order_;
  Bytes& bytes_;
  std::unordered_map<Value, Life, ValueHash> lives_;
  std::vector<std::pair<Value, TileName>> scratch_;
  std::int64_t tiles_ = 0;
  std::int64_t live_bytes_ = 0;
  PeakLive peak_;
};

}  // namespace detail

/// The most that lives at once if the tasks run one after the other in `order`, with the size of
/// a tile by bytes(array) or bytes(array, tile) -> std::int64_t.
///
/// A value lives from the task that writes it to its last reader, both included: while a task
/// runs, all that it reads and all that it writes is there, so a task that changes a tile in
/// place counts it twice. A final value of a bound array lives to the end, a value that nobody
/// reads while its task runs. An initial tile of a bound array that some task reads lives from
/// the start to its last reader, one of a temp from its first; one that no task reads never does.
///
/// Memory O(tasks + tiles read), time O(tasks + edges + inputs of all tasks). Throws input_error if
/// `order` is not a topological order of all nodes, and for sizes as `traffic` does.
template <class Bytes>
PeakLive peak_live(const TaskGraph& graph, std::span<const Node> order, Bytes&& bytes) {
  const detail::NodeList list = detail::checked_order(graph, order);
  return detail::LiveCounter<std::remove_reference_t<Bytes>>(graph, list, bytes).run();
}

/// The same in the program's own order.
template <class Bytes>
PeakLive peak_live(const TaskGraph& graph, Bytes&& bytes) {
  detail::NodeList list;
  graph.for_each_task([&](const Node& node) { list.add(node); });
  return detail::LiveCounter<std::remove_reference_t<Bytes>>(graph, list, bytes).run();
}

}  // namespace lambdapack
