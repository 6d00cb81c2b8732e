// What a run may take, and who hears how far it is.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <utility>

#include "lambdapack/error.hpp"
#include "lambdapack/exec/job.hpp"

namespace lambdapack::exec {

/// Ends a run whose time is up, and reports its progress. Any number of workers may ask.
class Limits {
 public:
  using Clock = std::chrono::steady_clock;

  /// Throws input_error if a time is negative.
  Limits(std::chrono::milliseconds time, std::function<void(Progress)> report,
         std::chrono::milliseconds every)
      : time_(time),
        report_(std::move(report)),
        every_(every),
        active_(time_.count() > 0 || report_),
        next_report_(ticks(begin_) + ticks_of(every_)) {
    if (time.count() < 0 || every.count() < 0)
      throw input_error("lambdapack: an executor was given a time_limit of " +
                        std::to_string(time.count()) + " ms and progress_every of " +
                        std::to_string(every.count()) + " ms; times are 0 or more");
  }

  /// Between two tasks of a run that is as far as `progress()` says. Throws run_error if its time
  /// is up, and what the report throws.
  template <class Far>
  void check(const std::string& program, Far&& progress) {
    if (!active_) return;
    const Clock::time_point now = Clock::now();
    check_time(program, now);
    if (!report_ || ticks(now) < next_report_.load(std::memory_order_relaxed)) return;
    const std::unique_lock lock(reporting_, std::try_to_lock);
    if (!lock || ticks(now) < next_report_.load(std::memory_order_relaxed)) return;
    report_(progress());
    next_report_.store(ticks(Clock::now()) + ticks_of(every_), std::memory_order_relaxed);
  }

  /// Throws run_error if the time is up.
  void check_time(const std::string& program, Clock::time_point now = Clock::now()) const {
    if (time_.count() > 0 &&
        std::chrono::duration_cast<std::chrono::milliseconds>(now - begin_) >= time_)
      throw run_error("lambdapack: the run of " + program + " had not ended after its limit of " +
                      std::to_string(time_.count()) +
                      " ms; give it more time, more workers, or larger tiles");
  }

  /// The last report, of a run that has ended well.
  void finish(Progress progress) {
    if (!report_) return;
    const std::lock_guard lock(reporting_);
    report_(progress);
  }

 private:
  static std::int64_t ticks(Clock::time_point time) { return time.time_since_epoch().count(); }

  // Longer times than a year would overflow the clock.
  static std::int64_t ticks_of(std::chrono::milliseconds time) {
    return Clock::duration(std::min<std::chrono::milliseconds>(time, std::chrono::hours(24 * 365)))
        .count();
  }

  const Clock::time_point begin_ = Clock::now();
  const std::chrono::milliseconds time_;
  const std::function<void(Progress)> report_;
  const std::chrono::milliseconds every_;
  const bool active_;
  std::atomic<std::int64_t> next_report_;
  std::mutex reporting_;
};

}  // namespace lambdapack::exec
