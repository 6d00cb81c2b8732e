// How often and after what time something is tried again.
#pragma once

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

namespace lambdapack::exec::cloud {

/// How often a request is tried, and how long is waited between.
struct RetryPolicy {
  /// How often a request is sent at most.
  int attempts = 8;
  /// The longest wait before the second attempt; it doubles from one attempt to the next.
  std::chrono::milliseconds first_wait{50};
  /// The longest wait before any attempt.
  std::chrono::milliseconds longest_wait{5000};
};

namespace net {

/// The attempts of one request. Waits are exponential with full jitter (any time between nothing
/// and the longest), so that many workers that failed together do not come back together.
class Attempts {
 public:
  explicit Attempts(const RetryPolicy& policy) : policy_(policy) {}

  /// How many attempts there have been, with the one under way.
  int made() const { return made_; }

  /// Waits, at least for `at_least`, and begins another attempt; false, at once, if all are used.
  bool again(std::chrono::milliseconds at_least = {}) {
    if (made_ >= policy_.attempts) return false;
    const int doublings = std::min(made_ - 1, 20);
    const auto longest = std::min<std::chrono::milliseconds>(
        policy_.first_wait * (1LL << doublings), policy_.longest_wait);
    thread_local std::minstd_rand random{std::random_device{}()};
    std::uniform_int_distribution<long long> some(0, longest.count());
    std::this_thread::sleep_for(std::max(std::chrono::milliseconds(some(random)),
                                         std::min(at_least, policy_.longest_wait)));
    ++made_;
    return true;
  }

 private:
  RetryPolicy policy_;
  int made_ = 1;
};

}  // namespace net

}  // namespace lambdapack::exec::cloud
