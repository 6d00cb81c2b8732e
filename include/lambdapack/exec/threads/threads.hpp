// The shared-memory executor.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

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
  /// The most bytes that the process is to take while it runs, as the system counts it; 0 is no
  /// limit. With one, tiles of arrays that are not in memory come when they are needed and go when
  /// others are: first those that are used last. Each is worked on together with its neighbours,
  /// and every result is written once. The run fails if it cannot go on within the limit. That
  /// is a limit of one run: of two at once each counts what is taken when it begins, and neither
  /// what the other takes later.
  std::int64_t memory = 0;
  /// The folder for values that no array has and for which there is no room; "" is TMPDIR, or
  /// /var/tmp.
  std::string scratch{};

  /// Throws input_error if `workers`, a time or `memory` is negative, there are more than 4,096
  /// workers, `memory` leaves no room for tiles, or an array cannot be used.
  LAMBDAPACK_API exec::Handle start(exec::Job job) const;
};

}  // namespace lambdapack

#ifndef LAMBDAPACK_SEPARATE
#include "lambdapack/exec/threads/threads_run.hpp"
#endif
