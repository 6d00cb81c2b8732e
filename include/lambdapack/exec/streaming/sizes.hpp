// How many bytes the tiles of a run are expected to have.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "lambdapack/exec/held_bytes.hpp"
#include "lambdapack/exec/job.hpp"

namespace lambdapack::exec::streaming {

/// Learns from the tiles that are made. Before, a tile of a bound array is expected to be as large
/// as the array says, and any other as large as the largest of these.
class Sizes {
 public:
  explicit Sizes(const Job& job) : graph_(job.graph) {
    for (const auto& array : job.arrays) {
      arrays_.push_back(array ? first_tile(*array) : 0);
      of_arrays_ = std::max(of_arrays_, arrays_.back());
    }
    largest_ = of_arrays_;
    for (int line = 0; line < graph_.statements(); ++line)
      results_.emplace_back(static_cast<std::size_t>(graph_.output_count(line)));
  }

  /// A tile of this array.
  std::int64_t of_tile(int array) const {
    const std::int64_t bytes = arrays_[static_cast<std::size_t>(array)];
    return bytes > 0 ? bytes : of_arrays_;
  }

  /// The most that an output of a node may take; 0 if that is not known, as of a temporary that no
  /// task of this line has made.
  std::int64_t of_result(const Node& node, int slot) const {
    const std::int64_t seen =
        results_[static_cast<std::size_t>(node.line)][static_cast<std::size_t>(slot)];
    return seen > 0 ? seen : arrays_[static_cast<std::size_t>(graph_.output(node, slot).array)];
  }

  /// The largest tile of a bound array, and of all that have been seen.
  std::int64_t of_arrays() const { return of_arrays_; }
  std::int64_t largest() const { return largest_; }

  void learn(const Value& value, std::int64_t bytes) {
    largest_ = std::max(largest_, bytes);
    if (value.is_initial()) return;
    std::int64_t& seen =
        results_[static_cast<std::size_t>(value.line)][static_cast<std::size_t>(value.slot)];
    seen = std::max(seen, bytes);
    std::int64_t& array =
        arrays_[static_cast<std::size_t>(graph_.output(value.node(), value.slot).array)];
    array = std::max(array, bytes);
  }

 private:
  static std::int64_t first_tile(tile::Store& array) {
    const std::vector<std::int64_t> first(array.extents().size(), 0);
    for (const std::int64_t extent : array.extents())
      if (extent == 0) return 0;
    return bytes_of(array.blank(first));
  }

  const TaskGraph& graph_;
  std::vector<std::int64_t> arrays_;                // by array
  std::vector<std::vector<std::int64_t>> results_;  // by line and slot
  std::int64_t of_arrays_ = 0;
  std::int64_t largest_ = 0;
};

}  // namespace lambdapack::exec::streaming
