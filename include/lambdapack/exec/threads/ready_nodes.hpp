// Ready tasks of one worker, by rank.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace lambdapack::exec {

/// Numbers in a ring that grows, taken at either end.
class NumberRing {
 public:
  bool empty() const { return size_ == 0; }

  void push_back(std::int64_t node) {
    if (size_ == nodes_.size()) grow();
    nodes_[(first_ + size_++) & (nodes_.size() - 1)] = node;
  }
  std::int64_t pop_back() { return nodes_[(first_ + --size_) & (nodes_.size() - 1)]; }
  std::int64_t pop_front() {
    const std::size_t at = first_;
    first_ = (first_ + 1) & (nodes_.size() - 1);
    --size_;
    return nodes_[at];
  }

 private:
  void grow() {
    std::vector<std::int64_t> larger(std::max<std::size_t>(8, 2 * nodes_.size()));
    for (std::size_t k = 0; k < size_; ++k) larger[k] = nodes_[(first_ + k) & (nodes_.size() - 1)];
    nodes_ = std::move(larger);
    first_ = 0;
  }

  std::vector<std::int64_t> nodes_;  // a power of two of them
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

/// Numbers of nodes at levels from 0 to `levels` - 1, taken from the highest level at which there
/// are any.
class ReadyNodes {
 public:
  static constexpr int levels = 512;

  void push(int level, std::int64_t node) {
    rings_[static_cast<std::size_t>(level)].push_back(node);
    used_[static_cast<std::size_t>(level / 64)] |= std::uint64_t{1} << (level % 64);
  }

  /// The highest level at which there are nodes; -1 if there are none.
  int top() const {
    for (std::size_t w = used_.size(); w-- > 0;)
      if (used_[w] != 0) return static_cast<int>(w) * 64 + 63 - std::countl_zero(used_[w]);
    return -1;
  }

  /// One of the nodes at the highest level, of which there must be one.
  std::int64_t pop_newest() {
    return pop([](NumberRing& ring) { return ring.pop_back(); });
  }
  std::int64_t pop_oldest() {
    return pop([](NumberRing& ring) { return ring.pop_front(); });
  }

 private:
  template <class Take>
  std::int64_t pop(Take take) {
    const int level = top();
    NumberRing& ring = rings_[static_cast<std::size_t>(level)];
    const std::int64_t node = take(ring);
    if (ring.empty())
      used_[static_cast<std::size_t>(level / 64)] &= ~(std::uint64_t{1} << (level % 64));
    return node;
  }

  std::vector<NumberRing> rings_{levels};
  std::array<std::uint64_t, levels / 64> used_{};
};

}  // namespace lambdapack::exec
