// For tests: makes messages late, in an order that only a seed knows.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>

namespace lambdapack::exec::detail {

/// Whether to put off what could be done now. Without a seed it never is.
class Delays {
 public:
  /// The seed of runs that begin from now on; 0 for none.
  static std::atomic<std::uint64_t>& seed() {
    static std::atomic<std::uint64_t> seed{0};
    return seed;
  }

  explicit Delays(int rank)
      : state_(seed() == 0 ? 0 : seed() * 0x9e3779b97f4a7c15u + static_cast<unsigned>(rank) + 1) {}

  /// Often true, and sometimes only after a while.
  bool put_off() {
    if (state_ == 0) return false;
    const std::uint64_t x = next();
    if (x % 64 == 0) std::this_thread::sleep_for(std::chrono::microseconds(x / 64 % 2000));
    return x % 4 != 1;
  }

 private:
  std::uint64_t next() {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return state_ >> 33;
  }

  std::uint64_t state_;
};

}  // namespace lambdapack::exec::detail
