// The executor whose workers come, go and die, without its bodies.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/api.hpp"
#include "lambdapack/exec/cloud/bill.hpp"
#include "lambdapack/exec/cloud/programs.hpp"
#include "lambdapack/exec/job.hpp"

namespace lambdapack {

/// Runs a program by workers that share nothing but a store of objects and a ledger. Results are
/// those of lp::threads, to the bit, whatever happens to the workers. A worker is this program,
/// started again, so main begins with
///
///   if (lp::cloud::is_worker()) return lp::cloud::work({lp::cloud::program(cholesky<double>)});
///
/// By default everything is on this machine: processes, a directory, SQLite.
struct cloud {
  /// How many workers there may be at once; 0 is one for each core of this machine.
  int workers = 0;
  /// Where values and results are: a directory, or the URL of another store. Empty is a temporary
  /// directory, which goes with the run.
  std::string store{};
  /// Where the run's state is: sqlite:DIRECTORY, or the URL of another queue. Empty is SQLite in
  /// the store's directory.
  std::string queue{};
  /// What starts workers: "processes" (or nothing) of this machine, "none" if somebody else does,
  /// or the URL of another kind.
  std::string starter{};
  /// The name of the run, by which others find it; empty is a new one.
  std::string run{};
  /// Kernels that a worker runs at once.
  int cores = 1;
  /// How many workers there are at least while the run is under way.
  int least_workers = 0;
  /// Workers' cores for each task that is ready or runs.
  double scaling = 1;
  /// A task of a worker that has not been heard of for so long is given to another.
  std::chrono::milliseconds lease{10000};
  /// A task that takes longer than `lease`, and twice as long as this share of those that are
  /// near it in its statement and have finished, is begun by a second worker too, and the first
  /// to be through counts: 0.95 is one that 95 of 100 are twice as fast as. 0 is never.
  double stragglers = 0;
  /// A worker that has had nothing to do for so long ends.
  std::chrono::milliseconds idle{2000};
  /// A worker takes no task when it is so old; 0 is no limit.
  std::chrono::milliseconds worker_time_limit{0};
  /// Bytes of tiles that a worker keeps for tasks to come.
  std::int64_t cache_bytes = std::int64_t{1} << 30;
  /// Whether results, a record of each task and a report stay in a store that was named.
  bool keep = true;
  /// Have in the report when each task ran.
  bool record_events = false;
  /// No task begins when a run has taken this long: it fails then. 0 is no limit.
  std::chrono::milliseconds time_limit{0};
  /// Told how far a run is; what it throws ends the run.
  std::function<void(exec::Progress)> on_progress{};
  /// The time between two calls of `on_progress`.
  std::chrono::milliseconds progress_every{200};
  /// Told at the end of a good run what it has used and what that costs.
  std::function<void(const exec::CloudBill&)> on_bill{};
  exec::CloudPrices prices{};

  /// Throws input_error if an option cannot be, a constant of the program cannot be sent, an array
  /// or the store cannot be used, or main does not begin as it has to.
  LAMBDAPACK_API exec::Handle start(exec::Job job) const;

  /// The executor of `cloud://?store=...&queue=...&workers=2`: the members above by their names,
  /// times in milliseconds. Throws input_error for anything else.
  LAMBDAPACK_API static cloud at(const std::string& url);

  /// Whether this process was started as a worker.
  LAMBDAPACK_API static bool is_worker();

  /// Works on the run that this process was started for, if it is of one of these programs. Returns
  /// what main is to return; what goes wrong is printed.
  LAMBDAPACK_API static int work(const std::vector<exec::cloud::Program>& programs);

  /// A program for `work`: a function or lambda, as lp::run takes it.
  template <class F>
  static exec::cloud::Program program(F&& f);
};

}  // namespace lambdapack
