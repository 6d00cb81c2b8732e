// How much of what nodes wait for has come.
#pragma once

#include <atomic>
#include <cstdint>

#include "lambdapack/exec/detail/table.hpp"

namespace lambdapack::exec::detail {

/// Counts, by the numbers of nodes, what has arrived. Where nodes are too many for an array
/// (detail/table.hpp) a node is held from its first arrival to its last, so memory follows the
/// frontier of the run. Safe from any thread.
class ArrivalCounts {
 public:
  /// Up to `most` nodes are few enough for an array.
  explicit ArrivalCounts(std::int64_t nodes, std::int64_t most = most_dense)
      : arrived_(nodes, most) {}

  /// Something that this node waits for will arrive soon.
  void fetch(std::int64_t number) const { arrived_.fetch(number); }

  /// How many of the `all` things that a node waits for have not arrived, which may have changed
  /// when this returns.
  std::int64_t missing(std::int64_t number, std::int64_t all) const {
    std::uint32_t count = 0;
    arrived_.look(number, [&](const Arrived& arrived) {
      count = arrived.count.load(std::memory_order_acquire);
    });
    return count == 0 ? all : std::int64_t{static_cast<std::uint32_t>(0 - count)};
  }

  /// One of the `all()` things that a node waits for has arrived; whether it was the last. All that
  /// happened before the others arrived has then happened before.
  template <class All>
  bool arrive(std::int64_t number, All&& all) {
    Arrived& arrived = arrived_.at(number);
    // The first to arrive asks how many there are and takes that number off, so that whoever
    // brings the count to 0, by one or the other, is the last.
    const std::uint32_t before = arrived.count.fetch_add(1, std::memory_order_acq_rel);
    if (before == 0) {
      const auto expected = static_cast<std::uint32_t>(all());
      if (arrived.count.fetch_sub(expected, std::memory_order_acq_rel) != expected) return false;
    } else if (before != UINT32_MAX) {
      return false;
    }
    arrived_.drop(number);
    return true;
  }

 private:
  // Counts go around at 2^32. Small ones share a line of the cache with more neighbours, and no
  // node reads so many tiles.
  struct Arrived {
    std::atomic<std::uint32_t> count{0};
  };

  Table<Arrived> arrived_;
};

}  // namespace lambdapack::exec::detail
