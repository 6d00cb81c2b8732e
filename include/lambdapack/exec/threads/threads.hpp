// The shared-memory executor.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "lambdapack/api.hpp"
#include "lambdapack/exec/job.hpp"
#include "lambdapack/exec/threads/pool.hpp"

namespace lambdapack {

/// Runs tasks on the cores of this machine. Results are the same to the bit for any number of
/// workers. Runs share the threads of a pool; a worker that has nothing to do sleeps.
struct threads {
  /// How many threads may take part in a run at once; 0 is one for each core, or all of the pool.
  int workers = 0;
  /// Record when and where each task ran.
  bool record_events = false;
  /// Whose threads; without one, those that all runs of the process share.
  std::optional<Pool> pool{};
  /// No task begins when a run has taken this long: it fails then. 0 is no limit.
  std::chrono::milliseconds time_limit{0};
  /// Told how far a run is, between two tasks, by one worker at a time; and at its end, if that is
  /// a good one. What it throws ends the run.
  std::function<void(exec::Progress)> on_progress{};
  /// The time between two calls of `on_progress`.
  std::chrono::milliseconds progress_every{200};

  /// Throws input_error if `workers` or a time is negative or an array cannot be used.
  LAMBDAPACK_API exec::Handle start(exec::Job job) const;
};

}  // namespace lambdapack

#ifndef LAMBDAPACK_SEPARATE
#include "lambdapack/exec/threads/threads_run.hpp"
#endif
