// The processes of --backend mpi. Two sources have the bodies: ranks_mpi.cpp, and ranks_alone.cpp
// where lprun was built without MPI.
#pragma once

#include <cstdint>
#include <lambdapack/exec/job.hpp>
#include <string>

namespace lprun {

/// What stands behind --backend.
extern const char* const backends;

/// Begins MPI; it ends when the process does.
void begin_ranks();
/// Which of the processes this is; 0 before `begin_ranks`. Only 0 writes and prints.
int rank();
/// All ranks call it: the text that rank 0 has.
std::string from_first_rank(std::string text);
/// All ranks call it: the largest of their numbers.
std::int64_t largest_of_ranks(std::int64_t mine);
/// Ends this process, and those of all ranks, if it has begun.
void end_ranks(int status);
/// Starts a job on all ranks.
lp::exec::Handle start_on_ranks(lp::exec::Job job, int workers, bool record_events);

}  // namespace lprun
