// The values of other ranks that a rank holds, and how much memory they take.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <unordered_map>

namespace lambdapack::exec::distributed {

/// Counts the readers of received values, by the values' numbers. Safe from any thread.
class Received {
 public:
  void add(std::int64_t value, std::int64_t readers, std::int64_t bytes) {
    const std::lock_guard lock(mutex_);
    values_[value] = {readers, bytes};
    const std::int64_t now = bytes_.load(std::memory_order_relaxed) + bytes;
    bytes_.store(now, std::memory_order_relaxed);
    most_ = std::max(most_, now);
  }

  /// A reader is done.
  void release(std::int64_t value) {
    const std::lock_guard lock(mutex_);
    const auto found = values_.find(value);
    if (--found->second.readers > 0) return;
    bytes_.store(bytes_.load(std::memory_order_relaxed) - found->second.bytes,
                 std::memory_order_relaxed);
    values_.erase(found);
  }

  std::int64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  /// The most bytes that there were at once.
  std::int64_t most_bytes() const {
    const std::lock_guard lock(mutex_);
    return most_;
  }

 private:
  struct Held {
    std::int64_t readers = 0;
    std::int64_t bytes = 0;
  };
  mutable std::mutex mutex_;
  std::unordered_map<std::int64_t, Held> values_;
  std::atomic<std::int64_t> bytes_{0};
  std::int64_t most_ = 0;
};

}  // namespace lambdapack::exec::distributed
