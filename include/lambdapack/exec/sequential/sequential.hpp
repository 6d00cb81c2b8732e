// The executor to debug with: one thread, the program's own order.
#pragma once

#include <chrono>
#include <functional>

#include "lambdapack/api.hpp"
#include "lambdapack/exec/job.hpp"

namespace lambdapack {

/// Runs the tasks one after the other, in the program's order, on the thread that calls `start`,
/// which returns when they are done.
struct sequential {
  /// Record when each task ran.
  bool record_events = false;
  /// No task begins when a run has taken this long: it fails then. 0 is no limit.
  std::chrono::milliseconds time_limit{0};
  /// Told how far a run is, between two tasks, and at its end, if that is a good one. What it
  /// throws ends the run.
  std::function<void(exec::Progress)> on_progress{};
  /// The time between two calls of `on_progress`.
  std::chrono::milliseconds progress_every{200};

  /// Throws input_error if an array cannot be used or a time is negative; what ends the run early
  /// comes from `wait`.
  LAMBDAPACK_API exec::Handle start(exec::Job job) const;
};

}  // namespace lambdapack

#ifndef LAMBDAPACK_SEPARATE
#include "lambdapack/exec/sequential/sequential_run.hpp"
#endif
