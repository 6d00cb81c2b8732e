// What the measurements of a graph share: lists of its tasks, names in messages, sizes of tiles.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/graph/task_graph.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::detail {

/// `syrk[3,9,7]`: all that a graph without its program knows of a node's name.
inline std::string name_of(const TaskGraph& graph, const Node& node) {
  if (node.line < 0 || node.line >= graph.statements())
    return text({"a node of statement ", node.line});
  std::string name = graph.kernel(node.line);
  for (std::size_t k = 0; k < node.indices.size(); ++k)
    name += text({k == 0 ? "[" : ",", node.indices[k]});
  return node.indices.size() == 0 ? name : name + ']';
}

/// Nodes in an order, and the place of each in it.
class NodeList {
 public:
  /// The place of a node that is in the list already stays; returns whether it is new.
  bool add(const Node& node) {
    if (!places_.try_emplace(node, nodes_.size()).second) return false;
    nodes_.push_back(node);
    return true;
  }
  const std::vector<Node>& nodes() const { return nodes_; }
  std::size_t size() const { return nodes_.size(); }
  bool contains(const Node& node) const { return places_.contains(node); }
  /// Only for a node that is in the list.
  std::size_t place(const Node& node) const { return places_.find(node)->second; }

 private:
  std::vector<Node> nodes_;
  std::unordered_map<Node, std::size_t, NodeHash> places_;
};

/// Calls f(const TileName&, const Value&) for each distinct value that a node reads. `scratch` is
/// overwritten; it is an argument so that a caller may keep its memory.
template <class F>
void distinct_inputs(const TaskGraph& graph, const Node& node,
                     std::vector<std::pair<Value, TileName>>& scratch, F&& f) {
  scratch.clear();
  for (int slot = 0; slot < graph.input_count(node.line); ++slot)
    graph.inputs(node, slot, [&](const TileName& tile, const Value& value) {
      scratch.emplace_back(value, tile);
    });
  std::sort(scratch.begin(), scratch.end());
  scratch.erase(std::unique(scratch.begin(), scratch.end()), scratch.end());
  for (const auto& [value, tile] : scratch) f(tile, value);
}

/// A tile's size by bytes(array) or bytes(array, tile). Throws input_error if it is negative.
template <class Bytes>
std::int64_t bytes_of(const TaskGraph& graph, Bytes& bytes, const TileName& tile) {
  static_assert(
      std::is_invocable_v<Bytes&, int> || std::is_invocable_v<Bytes&, int, const Indices&>,
      "lambdapack: the size of a tile is asked by bytes(int array) or bytes(int array, const "
      "Indices& tile); pass a callable that takes one of these and returns a std::int64_t");
  std::int64_t size = 0;
  if constexpr (std::is_invocable_v<Bytes&, int, const Indices&>)
    size = bytes(tile.array, std::as_const(tile.indices));
  else
    size = bytes(tile.array);
  if (size < 0)
    throw input_error(text({"lambdapack: a tile of ", graph.array_name(tile.array), " has ", size,
                            " bytes; the size of a tile must not be negative"}));
  return size;
}

/// total += more. Throws input_error beyond 64 bits.
inline void add_bytes(std::int64_t& total, std::int64_t more) {
  if (__builtin_add_overflow(total, more, &total))
    throw input_error(
        "lambdapack: a sum of sizes of tiles exceeds 2^63 bytes; check what the callable for "
        "the size of a tile returns");
}

}  // namespace lambdapack::detail
