// Watches over a run: sees how far it is, and that there are workers. Keeps no state that matters:
// another one can take over at any time, and the run goes on without any.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "lambdapack/exec/cloud/ledger.hpp"
#include "lambdapack/exec/cloud/starter.hpp"
#include "lambdapack/exec/faults.hpp"

namespace lambdapack::exec::cloud {

/// How many workers a run is to have.
struct Provision {
  int least = 0;  ///< while there is anything to do
  int most = 1;
  double scaling = 1;  ///< workers' cores for each task that is ready or runs
  int cores = 1;       ///< of a worker
  std::chrono::milliseconds lease{10000};
};

/// For one thread.
class Steward {
 public:
  /// Workers are started with `url`; their names begin with `name`. All that it is given must
  /// outlive it.
  Steward(Ledger& ledger, Starter& starter, const Provision& provision, std::string name,
          std::string url)
      : ledger_(ledger),
        starter_(starter),
        provision_(provision),
        name_(std::move(name)),
        url_(std::move(url)) {}

  /// Workers that do nothing but die are no reason to end the run: `look` throws then.
  void spares_run() { spares_run_ = true; }

  /// How a task is called in messages; without it none is named.
  void names_tasks(std::function<std::string(std::int64_t)> name_of) {
    name_of_ = std::move(name_of);
  }

  /// Looks how far the run is, and starts workers if there are too few. A run whose workers do
  /// nothing but die is ended.
  Status look() {
    free_tasks_of_crashed();
    const Status status = ledger_.status();
    if (status.phase != Phase::starting && status.phase != Phase::running) return status;
    if (status.finished != finished_) {
      finished_ = status.finished;
      failures_before_ = starter_.failures();
      had_.clear();
    }
    const int most_failures = 10 + 3 * provision_.most;
    if (starter_.failures() - failures_before_ > most_failures) {
      const std::string why =
          text({"lambdapack: ", most_failures,
                " workers in a row have ended without finishing a task; of the last one: ",
                starter_.last_failure(), had_, "; look at what they have printed"});
      if (spares_run_) throw run_error(why);
      ledger_.end(Phase::failed,
                  exec::detail::Fault::pack(std::make_exception_ptr(run_error(why))));
      return ledger_.status();
    }
    provide(status.ready + status.leased);
    return status;
  }

  /// Before there are tasks: workers for as many.
  void provide(std::int64_t tasks) {
    const double wanted = std::ceil(static_cast<double>(tasks) * provision_.scaling /
                                    static_cast<double>(std::max(1, provision_.cores)));
    const int number = std::clamp(static_cast<int>(std::min(wanted, 1e9)),
                                  std::min(provision_.least, provision_.most), provision_.most);
    for (int there = workers(); there < number; ++there) starter_.start(url_);
  }

 private:
  // A lease is for workers of which nothing is known; these are dead.
  void free_tasks_of_crashed() {
    starter_.running();
    if (starter_.failures() > failures_seen_) had_.clear();
    failures_seen_ = starter_.failures();
    for (const ::pid_t process : starter_.crashed()) {
      std::string had;
      for (const std::int64_t task : ledger_.end_leases(text({name_, "-", process})))
        if (name_of_) had += (had.empty() ? ", which had begun " : ", ") + name_of_(task);
      if (!had.empty()) had_ = had;
    }
  }

  // Those that were started here, and those of others that have told of themselves lately.
  int workers() {
    int there = starter_.running();
    if (there >= provision_.most) return there;
    const std::int64_t now = ledger_.now();
    for (const WorkerRecord& w : ledger_.workers())
      if (!w.ended && now - w.seen < provision_.lease.count() && !w.worker.starts_with(name_))
        ++there;
    return there;
  }

  Ledger& ledger_;
  Starter& starter_;
  const Provision provision_;
  const std::string name_;
  const std::string url_;
  std::function<std::string(std::int64_t)> name_of_;
  std::string had_;  // what the last worker that ended had begun
  int failures_seen_ = 0;
  bool spares_run_ = false;
  std::int64_t finished_ = -1;
  int failures_before_ = 0;
};

}  // namespace lambdapack::exec::cloud
