// Which ranks get a value, and along which tree: asked of the closed forms, so that every rank has
// the same answer without being told.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "lambdapack/exec/left_over.hpp"
#include "lambdapack/exec/mpi/placement.hpp"
#include "lambdapack/graph/task_graph.hpp"

namespace lambdapack::exec::distributed {

/// The positions in a binomial tree of `size` to which position `at` hands on; whoever has the
/// deepest tree below comes first.
template <class F>
void for_each_child(std::size_t at, std::size_t size, F&& f) {
  const auto first = static_cast<int>(std::bit_width(at));
  const auto last = static_cast<int>(std::bit_width(size - 1));
  for (int k = last; k-- > first;)
    if (const std::size_t child = at + (std::size_t{1} << k); child < size) f(child);
}

/// The ranks that need a value, as one of them sees it. `ranks` begins with the one that has it;
/// the others follow in turn, each once: those whose tasks read it, and those where its tile is to
/// be at the end. It is empty if every rank has the value before the run.
struct Receivers {
  std::vector<int> ranks;
  std::vector<Node> own;    ///< the tasks of the asking rank that read the value
  std::int64_t others = 0;  ///< how many tasks of other ranks do
  bool is_kept = false;     ///< the asking rank is to have the tile at the end

  /// Whether the rank at position `at` is `top`, another position, or gets the value from there, by
  /// whatever way.
  static bool is_below(std::size_t at, std::size_t top) {
    while (at > top) at &= ~std::bit_floor(at);
    return at == top;
  }

  /// Whether rank `me`, one of them, hands the value on to others.
  bool hands_on(int me) const {
    const auto here = std::find(ranks.begin(), ranks.end(), me);
    bool any = false;
    for_each_child(static_cast<std::size_t>(here - ranks.begin()), ranks.size(),
                   [&](std::size_t) { any = true; });
    return any;
  }
};

/// Finds receivers, for one thread.
class ReceiverFinder {
 public:
  /// Tasks that an earlier run has made unnecessary, by `left`, read nothing.
  ReceiverFinder(const TaskGraph& graph, const Placement& placement, const LeftOver* left = nullptr)
      : graph_(graph),
        left_(left),
        placement_(placement),
        seen_(static_cast<std::size_t>(placement.ranks())) {}

  /// The receivers of a value, as rank `me` sees them; -1 sees no tasks as its own. Good until the
  /// next call. Where readers lie in equal steps and their tiles are dealt out in turn, takes a
  /// time proportional to the number of ranks and of own readers; else of all readers.
  const Receivers& find(const Value& value, int me) {
    for (const int rank : found_.ranks) seen_[static_cast<std::size_t>(rank)] = false;
    found_.ranks.clear();
    found_.own.clear();
    found_.others = 0;
    found_.is_kept = false;
    const bool is_saved = left_ != nullptr && left_->is_saved(value);
    const int source = is_saved ? Distribution::everywhere : placement_.source_of(value);
    if (source != Distribution::everywhere) add(source);
    graph_.reader_runs(value, [&](const NodeRun& run) {
      found_.others += run.times;
      const std::int64_t period = this->period(run);
      mine_.clear();
      for (std::int64_t k = 0; k < period; ++k) {
        const Node reader = run.at(k);
        if (!runs(reader)) {
          --found_.others;
          continue;
        }
        const int rank = placement_.rank_of(reader);
        if (rank == me) mine_.push_back(k);
        if (source != Distribution::everywhere) add(rank);
      }
      for (std::int64_t from = 0; !mine_.empty() && from < run.times; from += period)
        for (const std::int64_t k : mine_)
          if (from + k < run.times) {
            found_.own.push_back(run.at(from + k));
            --found_.others;
          }
    });
    if (!value.is_initial() && !is_saved) add_keepers(value, me);
    in_turn();
    return found_;
  }

  /// Where a value on its way to `rank`, another than the one that has it, stands in the program:
  /// at the first of the tasks that read it there, or on ranks that get it from there; if there are
  /// none, where it was made.
  Node place(const Value& value, int rank) {
    const std::vector<int> ranks = find(value, -1).ranks;
    std::vector<bool> below(seen_.size());
    const auto top =
        static_cast<std::size_t>(std::find(ranks.begin(), ranks.end(), rank) - ranks.begin());
    for (std::size_t at = top; at < ranks.size(); ++at)
      below[static_cast<std::size_t>(ranks[at])] = Receivers::is_below(at, top);
    std::optional<Node> first;
    const auto look = [&](const Node& reader) {
      if (runs(reader) && (!first || graph_.before(reader, *first))) first = reader;
    };
    graph_.reader_runs(value, [&](const NodeRun& run) {
      // Of those in equal steps the first or the last comes first.
      const std::int64_t period = this->period(run);
      for (std::int64_t k = 0; k < period; ++k) {
        if (!below[static_cast<std::size_t>(placement_.rank_of(run.at(k)))]) continue;
        look(run.at(k));
        look(run.at(k + (run.times - 1 - k) / period * period));
      }
    });
    return first ? *first : value.node();
  }

 private:
  bool runs(const Node& reader) const { return left_ == nullptr || left_->runs(reader); }

  // Behind how many of a run the same ranks come again, at most all.
  std::int64_t period(const NodeRun& run) const {
    if (run.times == 1 || (left_ != nullptr && left_->is_part())) return run.times;
    const std::int64_t period = placement_.period(run);
    return period == 0 ? run.times : std::min(period, run.times);
  }

  void add(int rank) {
    if (seen_[static_cast<std::size_t>(rank)]) return;
    seen_[static_cast<std::size_t>(rank)] = true;
    found_.ranks.push_back(rank);
  }

  void add_keepers(const Value& value, int me) {
    if (!graph_.is_final(value.node(), value.slot)) return;
    const TileName tile = graph_.output(value.node(), value.slot);
    const int keeper = placement_.keeper_of(tile);
    found_.is_kept = keeper == me || keeper == Distribution::everywhere;
    if (keeper != Distribution::everywhere) return add(keeper);
    for (int rank = 0; rank < placement_.ranks(); ++rank) add(rank);
  }

  // The ranks behind the first begin with its successor, so that not always the same hand on.
  void in_turn() {
    if (found_.ranks.size() < 3) return;
    const int first = found_.ranks.front(), all = placement_.ranks();
    const auto turn = [=](int rank) { return rank > first ? rank - first : rank - first + all; };
    std::sort(found_.ranks.begin() + 1, found_.ranks.end(),
              [&](int a, int b) { return turn(a) < turn(b); });
  }

  const TaskGraph& graph_;
  const LeftOver* const left_;
  const Placement& placement_;
  Receivers found_;
  std::vector<bool> seen_;
  std::vector<std::int64_t> mine_;  // positions in a run
};

}  // namespace lambdapack::exec::distributed
