// The leases that one worker holds, and since when it has been at their tasks.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "lambdapack/exec/cloud/ledger.hpp"

namespace lambdapack::exec::cloud {

struct HeldLease {
  using Clock = std::chrono::steady_clock;

  Lease lease;
  std::int64_t task = 0;  ///< the one that is under way: the lease's, or one that follows it
  Clock::time_point begin = Clock::now();
};

/// Safe from any thread.
class HeldLeases {
 public:
  void add(const Lease& lease) {
    const std::lock_guard lock(mutex_);
    held_.push_back({lease, lease.task});
  }
  void drop(const Lease& lease) {
    const std::lock_guard lock(mutex_);
    std::erase_if(held_, [&](const HeldLease& h) { return h.lease.token == lease.token; });
  }
  /// Under this lease a task begins now.
  void begins(const Lease& lease, std::int64_t task) {
    const std::lock_guard lock(mutex_);
    for (HeldLease& h : held_)
      if (h.lease.token == lease.token) h = {std::move(h.lease), task};
  }
  bool empty() const {
    const std::lock_guard lock(mutex_);
    return held_.empty();
  }
  std::vector<HeldLease> all() const {
    const std::lock_guard lock(mutex_);
    return held_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<HeldLease> held_;
};

}  // namespace lambdapack::exec::cloud
