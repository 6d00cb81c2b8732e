#include <lambdapack/mpi.hpp>
#include <utility>

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

std::string from_first_rank(std::string text) {
  if (!begun) return text;
  return lp::exec::detail::private_communicator(MPI_COMM_WORLD).broadcast(std::move(text), 0);
}

std::int64_t largest_of_ranks(std::int64_t mine) {
  std::int64_t all = mine;
  if (begun) MPI_Allreduce(&mine, &all, 1, MPI_INT64_T, MPI_MAX, MPI_COMM_WORLD);
  return all;
}

void end_ranks(int status) {
  if (begun) MPI_Abort(MPI_COMM_WORLD, status);
}

lp::exec::Handle start_on_ranks(lp::exec::Job job, int workers, bool record_events) {
  return lp::mpi{.workers = workers, .record_events = record_events}.start(std::move(job));
}

}  // namespace lprun
