// Bytes of memory, each with one owner.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <utility>

namespace lambdapack::exec::streaming {

class Share;

/// So many bytes, of which shares are taken. It outlives them.
class Budget {
 public:
  Budget() = default;
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;

  /// Before any share is taken.
  void set(std::int64_t all) {
    all_ = all;
    free_.store(all, std::memory_order_relaxed);
  }

  std::int64_t all() const { return all_; }
  /// What nobody has; less than nothing if values were larger than was known.
  std::int64_t free() const { return free_.load(std::memory_order_relaxed); }

 private:
  friend class Share;

  std::int64_t all_ = 0;
  // A task whose run has failed gives back what it has from any thread.
  std::atomic<std::int64_t> free_{0};
};

/// Bytes of a budget that belong to whoever has this. They go back with it.
class Share {
 public:
  /// None.
  Share() = default;
  /// So many, whether they are free or not: who needs a promise asks Budget::free before.
  Share(Budget& budget, std::int64_t bytes) : budget_(&budget) { resize(bytes); }
  Share(Share&& other) noexcept : budget_(other.budget_), bytes_(std::exchange(other.bytes_, 0)) {}
  Share& operator=(Share&& other) noexcept {
    if (this == &other) return *this;
    give_back();
    budget_ = other.budget_;
    bytes_ = std::exchange(other.bytes_, 0);
    return *this;
  }
  ~Share() { give_back(); }

  std::int64_t bytes() const { return bytes_; }

  /// A part of these bytes, or all of them if they are fewer.
  Share split(std::int64_t bytes) {
    Share part;
    part.budget_ = budget_;
    part.bytes_ = std::min(bytes, bytes_);
    bytes_ -= part.bytes_;
    return part;
  }

  void add(Share other) {
    if (budget_ == nullptr) budget_ = other.budget_;
    bytes_ += std::exchange(other.bytes_, 0);
  }

  /// Takes what is missing from what is free, or gives back what is too much. Not for a share of no
  /// budget.
  void resize(std::int64_t bytes) {
    budget_->free_.fetch_sub(bytes - bytes_, std::memory_order_relaxed);
    bytes_ = bytes;
  }

  void give_back() noexcept {
    if (bytes_ != 0) resize(0);
  }

 private:
  Budget* budget_ = nullptr;
  std::int64_t bytes_ = 0;
};

}  // namespace lambdapack::exec::streaming
