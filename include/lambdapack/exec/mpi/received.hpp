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
  /// What this rank has `handed_on` to others counts apart from what came for its tasks alone.
  void add(std::int64_t value, std::int64_t readers, std::int64_t bytes, bool handed_on) {
    const std::lock_guard lock(mutex_);
    values_[value] = {readers, bytes, handed_on};
    all_ += bytes;
    most_ = std::max(most_, all_);
    (handed_on ? handed_on_ : bytes_).fetch_add(bytes, std::memory_order_relaxed);
  }

  /// A reader is done.
  void release(std::int64_t value) {
    const std::lock_guard lock(mutex_);
    const auto found = values_.find(value);
    if (--found->second.readers > 0) return;
    all_ -= found->second.bytes;
    (found->second.handed_on ? handed_on_ : bytes_)
        .fetch_sub(found->second.bytes, std::memory_order_relaxed);
    values_.erase(found);
  }

  /// Without what was handed on.
  std::int64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  /// What was handed on, and waits for tasks here too.
  std::int64_t handed_on_bytes() const { return handed_on_.load(std::memory_order_relaxed); }
  /// The most bytes that there were at once, of all.
  std::int64_t most_bytes() const {
    const std::lock_guard lock(mutex_);
    return most_;
  }

 private:
  struct Held {
    std::int64_t readers = 0;
    std::int64_t bytes = 0;
    bool handed_on = false;
  };
  mutable std::mutex mutex_;
  std::unordered_map<std::int64_t, Held> values_;
  std::atomic<std::int64_t> bytes_{0}, handed_on_{0};
  std::int64_t all_ = 0, most_ = 0;
};

}  // namespace lambdapack::exec::distributed
