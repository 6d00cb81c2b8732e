// The executor for many processes.
#pragma once

#include <mpi.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "lambdapack/api.hpp"
#include "lambdapack/exec/job.hpp"
#include "lambdapack/exec/mpi/distribution.hpp"
#include "lambdapack/exec/mpi/predict.hpp"

namespace lambdapack {

namespace exec {

/// What one rank did in a run of lp::mpi.
struct MpiTraffic {
  int rank = 0;
  distributed::RankTraffic sent;     ///< as `predict_traffic` predicts it
  std::int64_t packets_sent = 0;     ///< messages that announce values, or hold small ones
  std::int64_t most_held_bytes = 0;  ///< the most that received values took at once
};

}  // namespace exec

/// Runs a program on all ranks of a communicator, which start it together with the same arguments.
/// Results are those of lp::threads, to the bit. Each rank has the closed forms and its own tiles,
/// runs the tasks that write them, and sends a value once to each rank that needs it.
///
/// An array that is distributed (lp::DistributedMatrix, lp::scalapack) stays so. Of one that every
/// rank has in its own memory, such as an lp::TiledMatrix, all ranks hold equal contents before and
/// get the whole result. One in a file is read by all; lp::zarr is written by all together.
///
/// MPI is begun if nobody has (MPI_THREAD_MULTIPLE). With less it is `wait` and `wait_for` that
/// send and receive, for all runs of this process that are under way. With MPI_THREAD_FUNNELED only
/// the thread that began MPI may start runs and wait for them, with MPI_THREAD_SERIALIZED one at a
/// time.
struct mpi {
  /// Whose ranks take part.
  MPI_Comm comm = MPI_COMM_WORLD;
  /// Threads that run tasks, for each rank; 0 shares the cores of a machine among its ranks.
  int workers = 0;
  /// The grid for arrays that have no distribution; as square as possible if there is none.
  std::optional<ProcessGrid> grid{};
  /// Which rank runs the tasks that write a tile, for arrays by their names in the program: those
  /// that are in every rank's memory, and temps, which follow an array if they get its
  /// distribution.
  std::map<std::string, Distribution> distributions{};
  /// Which rank runs a task, in place of the owner of the tile that it writes. To find its own
  /// tasks a rank then looks at all.
  std::function<int(const Node&)> placement{};
  /// How many bytes of received values a rank holds for its own tasks before it fetches only what
  /// it cannot do without: what one task waits for.
  std::int64_t buffer_bytes = std::int64_t{256} << 20;
  /// How many bytes of values that it has made or hands on a rank keeps for others to fetch before
  /// it begins only tasks that send nothing: a slow rank does not fill a fast one's memory. Beyond
  /// it go what is under way, and, while a rank stands still that has not fetched, tasks that the
  /// program has before those that read what is on offer.
  std::int64_t offer_bytes = std::int64_t{1} << 30;
  /// Record when each task of this rank ran.
  bool record_events = false;
  /// No task begins when a run has taken this long: it fails then. 0 is no limit.
  std::chrono::milliseconds time_limit{0};
  /// Told how far this rank is, between two tasks; `total` is -1 until the rank has seen all of
  /// its tasks. What it throws ends the run.
  std::function<void(exec::Progress)> on_progress{};
  /// The time between two calls of `on_progress`.
  std::chrono::milliseconds progress_every{200};
  /// Told at the end of a good run what this rank has sent.
  std::function<void(const exec::MpiTraffic&)> on_traffic{};

  /// All ranks call it, and then `wait`. The report is of this rank's tasks. Throws input_error if
  /// an option does not fit the program or an array cannot be used, on any rank. What ends the run
  /// early on one rank comes from `wait` on all, as a run_error that names the rank.
  LAMBDAPACK_API exec::Handle start(exec::Job job) const;

  /// In place of `start` on a rank that has come to an error before: throws it, and `start` on the
  /// others an input_error with its text.
  [[noreturn]] LAMBDAPACK_API void refuse(std::exception_ptr error) const;
};

}  // namespace lambdapack

#ifndef LAMBDAPACK_SEPARATE
#include "lambdapack/exec/mpi/mpi_run.hpp"
#endif
