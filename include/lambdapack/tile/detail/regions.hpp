// Which memory that is not ours runs under way read and write.
#pragma once

#include <algorithm>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <utility>

namespace lambdapack::tile::detail {

/// The columns of a matrix in memory, as bytes: `count` of them, `length` bytes long, each `step`
/// bytes after the one before.
class Region {
 public:
  Region(const void* data, std::int64_t length, std::int64_t count, std::int64_t step)
      : first_(static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(data))),
        length_(length),
        count_(length == 0 ? 0 : count),
        step_(step) {
    if (step_ < 0) first_ += (count_ - 1) * step_;
    step_ = step_ < 0 ? -step_ : step_;
    if (step_ == 0 || count_ == 1) count_ = std::min<std::int64_t>(count_, 1), step_ = length_;
  }

  bool meets(const Region& other) const {
    if (count_ > other.count_) return other.meets(*this);
    if (count_ == 0 || end() <= other.first_ || other.end() <= first_) return false;
    for (std::int64_t k = 0; k < count_; ++k)
      if (other.meets(first_ + k * step_, first_ + k * step_ + length_)) return true;
    return false;
  }

 private:
  std::int64_t end() const { return first_ + (count_ - 1) * step_ + length_; }

  // Whether the first column that does not end before `from` begins before `to`.
  bool meets(std::int64_t from, std::int64_t to) const {
    const std::int64_t before = from - length_ - first_;
    const std::int64_t k = before < 0 ? 0 : before / step_ + 1;
    return k < count_ && first_ + k * step_ < to;
  }

  std::int64_t first_;
  std::int64_t length_;
  std::int64_t count_;
  std::int64_t step_;
};

/// The regions that runs of this process use.
class Regions {
 public:
  /// Holds a region as long as it lives.
  class Claim {
   public:
    Claim(const Region& region, bool is_written) : region(region), is_written(is_written) {}
    Claim(const Claim&) = delete;
    Claim& operator=(const Claim&) = delete;
    ~Claim() { all().remove(this); }

    const Region region;
    const bool is_written;
  };

  /// Null if somebody else uses a part of the region, and either of the two writes.
  static std::unique_ptr<Claim> claim(const Region& region, bool is_written) {
    auto claim = std::make_unique<Claim>(region, is_written);
    return all().add(claim.get()) ? std::move(claim) : nullptr;
  }

 private:
  // Never destroyed: whoever is destroyed last may still leave it.
  static Regions& all() {
    static Regions& regions = *new Regions;
    return regions;
  }

  bool add(const Claim* claim) {
    const std::lock_guard lock(mutex_);
    const bool is_free = std::none_of(claims_.begin(), claims_.end(), [&](const Claim* other) {
      return (claim->is_written || other->is_written) && claim->region.meets(other->region);
    });
    if (is_free) claims_.push_back(claim);
    return is_free;
  }

  void remove(const Claim* claim) {
    const std::lock_guard lock(mutex_);
    claims_.remove(claim);
  }

  std::mutex mutex_;
  std::list<const Claim*> claims_;
};

}  // namespace lambdapack::tile::detail
