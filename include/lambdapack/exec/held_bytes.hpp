// How many bytes of tiles a run holds.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstdlib>

#include "lambdapack/tile/payload.hpp"

namespace lambdapack::exec {

/// The bytes that a run holds, and the most there ever were. Of several workers each keeps up to
/// 64 KiB of change to itself, for a shared number is a dear one to change.
class HeldBytes {
 public:
  explicit HeldBytes(int workers) : kept_back_(workers > 1 ? std::int64_t{64} << 10 : 0) {}

  std::int64_t now() const { return now_.load(std::memory_order_relaxed); }
  std::int64_t most() const { return most_.load(std::memory_order_relaxed); }

  /// What one worker changes.
  class Share {
   public:
    explicit Share(HeldBytes& all) : all_(all) {}
    void add(std::int64_t bytes) { change_ += bytes; }

    /// After a worker has added all that it holds at a time: tells the others.
    void tell() {
      if (std::abs(change_) <= all_.kept_back_) return;
      all_.change(change_);
      change_ = 0;
    }

   private:
    HeldBytes& all_;
    std::int64_t change_ = 0;
  };

  /// For what no worker has a share of.
  void change(std::int64_t bytes) {
    const std::int64_t now = now_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
    std::int64_t most = most_.load(std::memory_order_relaxed);
    while (now > most && !most_.compare_exchange_weak(most, now, std::memory_order_relaxed)) {
    }
  }

 private:
  const std::int64_t kept_back_;
  std::atomic<std::int64_t> now_{0};
  std::atomic<std::int64_t> most_{0};
};

/// The bytes of a tile; none of a handle without one.
inline std::int64_t bytes_of(const tile::Tile& tile) {
  return tile ? static_cast<std::int64_t>(tile.byte_size()) : 0;
}

}  // namespace lambdapack::exec
