// The executor to debug with: one thread, the program's own order.
#pragma once

#include "lambdapack/api.hpp"
#include "lambdapack/exec/job.hpp"

namespace lambdapack {

/// Runs the tasks one after the other, in the program's order, on the thread that calls `start`,
/// which returns when they are done.
struct sequential {
  /// Record when each task ran.
  bool record_events = false;

  /// Throws input_error if an array cannot be used; what ends the run early comes from `wait`.
  LAMBDAPACK_API exec::Handle start(exec::Job job) const;
};

}  // namespace lambdapack

#ifndef LAMBDAPACK_SEPARATE
#include "lambdapack/exec/sequential/sequential_run.hpp"
#endif
