// Tasks that take much longer than others of their kind: on a machine that is slow, or has stopped.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "lambdapack/exec/cloud/held_leases.hpp"
#include "lambdapack/exec/cloud/ledger.hpp"
#include "lambdapack/exec/cloud/site.hpp"

namespace lambdapack::exec::cloud {

/// Tells which tasks of a worker somebody else is to run too. The worker does not renew their
/// leases, so that they become another's, and takes no task meanwhile; whoever is through first
/// counts.
class Stragglers {
 public:
  /// A straggler has taken longer than a lease, and twice as long (four times on a second attempt)
  /// as `share` of those tasks took that are near it in its statement and have finished. 0: there
  /// is none.
  Stragglers(Site& site, Ledger& ledger, double share, std::chrono::milliseconds lease)
      : site_(site), ledger_(ledger), share_(share), lease_(lease) {}

  /// A second attempt can be one, since the first may have come to nothing. A third is none: else a
  /// task that is long by nature would be run by one worker after the other.
  bool have(const HeldLease& held) {
    if (share_ <= 0 || held.lease.attempt > 2) return false;
    const auto taken = HeldLease::Clock::now() - held.begin;
    if (taken < lease_) return false;
    const std::vector<std::int64_t> times = times_near(held.task);
    return times.size() >= fewest &&
           taken > 2 * held.lease.attempt * std::chrono::milliseconds(usual(times));
  }

 private:
  static constexpr std::int64_t nearest = 1000;
  static constexpr std::size_t fewest = 5;

  // Milliseconds that finished tasks of the same statement took.
  std::vector<std::int64_t> times_near(std::int64_t task) {
    const int line = site_.numbering().node(task).line;
    std::vector<std::int64_t> times;
    for (const auto& [number, record] :
         ledger_.records(std::max<std::int64_t>(0, task - nearest / 2), nearest))
      if (number >= 0 && number < site_.numbering().nodes() &&
          site_.numbering().node(number).line == line)
        times.push_back(record.end - record.begin);
    return times;
  }

  std::int64_t usual(std::vector<std::int64_t> times) const {
    const auto last = static_cast<double>(times.size() - 1);
    const auto at = times.begin() + static_cast<std::ptrdiff_t>(std::min(share_, 1.0) * last);
    std::nth_element(times.begin(), at, times.end());
    return std::max<std::int64_t>(0, *at);
  }

  Site& site_;
  Ledger& ledger_;
  const double share_;
  const std::chrono::milliseconds lease_;
};

}  // namespace lambdapack::exec::cloud
