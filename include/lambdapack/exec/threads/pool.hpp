// The threads that runs of lp::threads share.
#pragma once

#include <memory>

#include "lambdapack/api.hpp"

namespace lambdapack {

namespace exec {
class Crew;
}

/// Worker threads of one's own, for runs that name it: `lp::threads{.pool = pool}`. Runs that name
/// none share the process's. Any number of runs may be under way in a pool, started by any thread,
/// kernels included. A copy is another name of the same pool; its threads end with the last name
/// and the last run.
class Pool {
 public:
  /// At most `workers` threads, one for each core if it is 0. If they are `pinned`, each stays on a
  /// core of its own, as far as there are as many. Throws input_error if `workers` is negative or
  /// above 4,096.
  LAMBDAPACK_API explicit Pool(int workers = 0, bool pinned = false);

  /// The most threads that it has.
  LAMBDAPACK_API int workers() const;

  /// What does the work; for executors.
  const std::shared_ptr<exec::Crew>& crew() const { return crew_; }

 private:
  std::shared_ptr<exec::Crew> crew_;
};

}  // namespace lambdapack
