// The shared-memory executor.
#pragma once

#include "lambdapack/api.hpp"
#include "lambdapack/exec/job.hpp"

namespace lambdapack {

/// Runs tasks on the cores of this machine. Results are the same to the bit for any number of
/// workers.
struct threads {
  /// Number of worker threads; 0 is one for each core.
  int workers = 0;
  /// Record when and where each task ran.
  bool record_events = false;

  /// Throws input_error if `workers` is negative or an array cannot be used.
  LAMBDAPACK_API exec::Handle start(exec::Job job) const;
};

}  // namespace lambdapack

#ifndef LAMBDAPACK_SEPARATE
#include "lambdapack/exec/threads/threads_run.hpp"
#endif
