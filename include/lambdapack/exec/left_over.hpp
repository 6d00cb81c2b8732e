// What is left to do of a job of which an earlier run has done a part.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "lambdapack/exec/job.hpp"
#include "lambdapack/ir/content_hash.hpp"
#include "lambdapack/text.hpp"
#include "lambdapack/tile/detail/grid.hpp"

namespace lambdapack::exec {

/// What arrays say of their contents before a run, by position; 0 for those that no task reads
/// first.
inline std::vector<std::uint64_t> stamps_of(const Job& job) {
  std::vector<std::uint64_t> stamps(job.arrays.size());
  for (std::size_t b = 0; b < job.arrays.size(); ++b)
    if (job.arrays[b] && job.program->arrays[b].role != ir::ArrayRole::out)
      stamps[b] = job.arrays[b]->stamp();
  return stamps;
}

/// A name that two runs share if one can go on from what the other has saved of array `a`: of what
/// the program does, the constants that it was traced with, and its sizes and arrays, which have
/// not begun, with the stamps of those that it reads. No name where one of these has no stamp, or a
/// constant no bytes: nobody can go on then. What else kernels capture is not in it.
inline std::string run_name(const Job& job, std::size_t a,
                            const std::vector<std::uint64_t>& stamps) {
  std::string all = text({ir::content_hash(*job.program), " ", a});
  for (const std::int64_t p : job.graph.parameters()) all += text({" ", p});
  for (const ir::Constant& c : job.constants) {
    if (!c.bytes) return {};
    all += text({"\n", c.type, " ", c.bytes->size(), " "}) + *c.bytes;
  }
  for (std::size_t b = 0; b < job.arrays.size(); ++b) {
    if (!job.arrays[b]) continue;
    if (stamps[b] == 0 && job.program->arrays[b].role != ir::ArrayRole::out) return {};
    all += text({"\n", job.arrays[b]->describe(), " ", stamps[b]});
  }
  return ir::detail::Sha256::of(all).substr(0, 16);
}

/// The nodes of a job that have to run, and its graph as they see it. Those have to that write a
/// tile of a result which no earlier run has saved, and those that make what they read, back to
/// initial and saved tiles. A job that begins from nothing runs all of its nodes; of any other the
/// nodes that are left are listed.
class LeftOver {
 public:
  explicit LeftOver(const Job& job) : job_(job) {}

  /// Asks the arrays, which have begun, what they have.
  void find() {
    const bool some = std::any_of(job_.arrays.begin(), job_.arrays.end(),
                                  [](const auto& array) { return array && has_saved(*array); });
    if (!some) return;
    nodes_.emplace();
    add_unsaved_results();
    for (std::size_t k = 0; k < order_.size(); ++k) add_makers(Node(order_[k]));
    for (const Node& node : order_)
      if (in_degree(node) == 0) roots_.push_back(node);
    order_ = {};
  }

  /// Whether an earlier run has done a part.
  bool is_part() const { return nodes_.has_value(); }

  bool runs(const Node& node) const { return !nodes_ || nodes_->contains(node); }

  /// Whether a value that is read is a tile which an earlier run has saved: no task makes it.
  bool is_saved(const Value& value) const {
    return nodes_ && !value.is_initial() && !nodes_->contains(value.node());
  }

  std::int64_t in_degree(const Node& node) const {
    if (!nodes_) return job_.graph.in_degree(node);
    std::int64_t n = 0;
    job_.graph.predecessors(node, [&](const Node& before) { n += runs(before) ? 1 : 0; });
    return n;
  }

  std::int64_t reader_count(const Value& value) const {
    if (!nodes_) return job_.graph.reader_count(value);
    std::int64_t n = 0;
    job_.graph.readers(value, [&](const Node& reader) { n += runs(reader) ? 1 : 0; });
    return n;
  }

  /// The number of nodes that run, of a part.
  std::int64_t size() const { return static_cast<std::int64_t>(nodes_->size()); }

  /// The nodes that wait for none, of a part.
  const std::vector<Node>& roots() const { return roots_; }

 private:
  static bool has_saved(const tile::Store& array) {
    if (!array.keeps()) return false;
    bool some = false;
    tile::detail::for_each_tile(array.extents(),
                                [&](tile::Index index) { some = some || array.is_saved(index); });
    return some;
  }

  bool was_saved(const Value& value) const {
    return job_.graph.is_final(value.node(), value.slot) &&
           was_saved(job_.graph.output(value.node(), value.slot));
  }

  bool was_saved(const TileName& tile) const {
    const auto& array = job_.arrays[static_cast<std::size_t>(tile.array)];
    return array && array->is_saved(tile.indices);
  }

  void add(const Node& node) {
    if (nodes_->insert(node).second) order_.push_back(node);
  }

  void add_unsaved_results() {
    for (std::size_t a = 0; a < job_.arrays.size(); ++a) {
      if (!job_.arrays[a] || job_.program->arrays[a].role == ir::ArrayRole::in) continue;
      tile::detail::for_each_tile(job_.arrays[a]->extents(), [&](tile::Index index) {
        const TileName name{static_cast<int>(a), Indices(index)};
        const std::optional<Value> made = job_.graph.writer(name);
        if (made && !was_saved(name)) add(made->node());
      });
    }
  }

  void add_makers(const Node& node) {
    for (int slot = 0; slot < job_.graph.input_count(node.line); ++slot)
      job_.graph.sources(node, slot, [&](const Value& value) {
        if (!value.is_initial() && !was_saved(value)) add(value.node());
      });
  }

  const Job& job_;
  std::optional<std::unordered_set<Node, NodeHash>> nodes_;
  std::vector<Node> order_;  // in which they were found
  std::vector<Node> roots_;
};

}  // namespace lambdapack::exec
