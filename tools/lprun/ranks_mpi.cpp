#include <lambdapack/mpi.hpp>

#include "ranks.hpp"

namespace lprun {

namespace {
bool begun = false;
}

const char* const backends = "threads|sequential|mpi|cloud";

void begin_ranks() {
  lp::exec::detail::mpi_threads_allowed();
  begun = true;
}

int rank() {
  int number = 0;
  if (begun) MPI_Comm_rank(MPI_COMM_WORLD, &number);
  return number;
}

void end_ranks(int status) {
  if (begun) MPI_Abort(MPI_COMM_WORLD, status);
}

lp::exec::Handle start_on_ranks(lp::exec::Job job, int workers, bool record_events) {
  return lp::mpi{.workers = workers, .record_events = record_events}.start(std::move(job));
}

}  // namespace lprun
