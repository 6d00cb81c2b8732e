// The state of a run: which tasks are ready, who runs what, what has finished.
//
// A ledger knows tasks and values by number (exec/numbering.hpp) and nothing of the graph: whoever
// finishes a task says who waits for it, and how many tasks each of those waits for. So it keeps a
// few bytes for each task that something has happened to, and none for the others.
//
// `complete` is one atomic step: a BEGIN IMMEDIATE transaction of SQLite, one script of Redis. It
// marks the task, which marks all of its out-edges at once and makes every repetition harmless,
// counts its successors down and makes those ready that wait for nothing more. A ledger whose queue
// is apart from its marks (SQS) does it in two, of which it repeats the second when the task is
// completed again: a task may be ready any number of times, and is finished once.
//
// A lease is over at a time of the ledger's own clock. A clock may jump: of a lease that was given
// in the future nothing is known, so it is over too. A task that two workers run is right, only
// dear.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/exec/cloud/objects.hpp"

namespace lambdapack::exec::cloud {

/// How far a run is. Once it is `done`, `failed` or `cancelled` it stays so.
enum class Phase {
  starting,  ///< its first tasks are being made ready; tasks may run
  running,
  done,       ///< every task has finished
  failed,     ///< `Status::why` says why, in the bytes of exec::Fault
  cancelled,  ///< somebody asked for it
  missing     ///< there is no such run, or it has been removed
};

/// A task that can run, and how urgent it is: the higher, the sooner.
struct Ready {
  std::int64_t task = 0;
  int urgency = 0;
};

/// A task that waits for another one, and for how many all in all.
struct Successor {
  std::int64_t task = 0;
  std::int64_t in_degree = 0;
  int urgency = 0;
};

/// A value that a task has read, and how many tasks read it all in all.
struct Reading {
  std::int64_t value = 0;
  std::int64_t readers = 0;
};

/// The right to run a task for a time. `token` tells it from other leases of the task.
struct Lease {
  std::int64_t task = 0;
  std::string token;
  int attempt = 1;  ///< how many leases of this task there have been, with this one
};

/// Who wants a task.
struct Taker {
  std::string worker;
  std::chrono::milliseconds lease{10000};
  /// Given some of the most urgent ready tasks, the most urgent first, tells which to take (a
  /// position). A ledger whose queue cannot be looked into does not ask. Without it the first.
  std::function<std::size_t(std::span<const Ready>)> choose{};
};

/// What there was to take.
struct Taken {
  std::optional<Lease> lease;    ///< nothing if nothing is ready now
  Phase phase = Phase::missing;  ///< nobody need ask again unless it is starting or running
};

/// What is noted of a task for good.
struct TaskRecord {
  std::string worker;
  std::int64_t begin = 0;  ///< milliseconds since 1970, by the worker's clock
  std::int64_t end = 0;
  int attempts = 1;
  std::int64_t bytes_read = 0;
  std::int64_t bytes_written = 0;
  std::int64_t requests = 0;
  bool handed_on = false;    ///< its loop had stopped: no kernel was called
  std::string digests = {};  ///< of the final tiles that it has stored, by slot; see keys.hpp
};

/// What a worker has done when its values are stored.
struct Completion {
  Lease lease;
  std::vector<Successor> successors;
  std::vector<Reading> reads;         ///< distinct values; none whose objects are to stay
  std::vector<std::int64_t> outputs;  ///< values that it has stored
  TaskRecord record;
  /// Tasks that the worker has run on the way, each the only one that reads the value of the one
  /// before, and the last read by this one: none of these values is stored. They are completed in
  /// the same step, in their order.
  std::vector<Completion> before = {};
  /// If set: of the successors that this makes ready, the most urgent is leased to this taker.
  std::optional<Taker> next;
};

/// What came of it.
struct Completed {
  bool counted = false;  ///< false: the task had finished before, or the run has ended
  bool last = false;     ///< this was the run's last task; told once in a run
  /// Values that nobody will read any more, whose objects the caller is to remove: of those that it
  /// has read, and, if the task had finished before, of those that it has stored again.
  std::vector<std::int64_t> dead;
  /// Those of `before` that had finished before, by somebody who may have stored their values.
  std::vector<std::int64_t> repeated;
  std::optional<Lease> next;
  Phase phase = Phase::missing;
};

struct Status {
  Phase phase = Phase::missing;
  std::string why;
  std::int64_t total = 0;
  std::int64_t finished = 0;
  std::int64_t ready = 0;
  std::int64_t leased = 0;  ///< about: a lease that is over counts until somebody notices
};

/// What a worker has used. One that has not told for long is gone.
struct WorkerRecord {
  std::string worker;
  std::int64_t begin = 0;  ///< milliseconds since 1970
  std::int64_t seen = 0;
  int cores = 1;
  std::int64_t memory = 0;  ///< bytes, at most
  std::int64_t tasks = 0;
  std::int64_t bytes_read = 0;  ///< of objects
  std::int64_t bytes_written = 0;
  std::int64_t gets = 0;  ///< requests to the object store
  std::int64_t puts = 0;
  bool ended = false;
};

/// The state of one run, which any number of processes have open. Safe from any thread. Every call
/// may be repeated, and may throw `unavailable`: then it has or has not been done.
class Ledger {
 public:
  virtual ~Ledger() = default;
  /// For messages.
  virtual std::string describe() const = 0;

  /// Begins a run of `total` tasks, which nothing is ready in; nothing if it is there already.
  virtual void create(std::int64_t total) = 0;
  /// Makes tasks ready that wait for nothing; those that are ready, leased or finished stay so.
  virtual void seed(std::span<const Ready> roots) = 0;
  /// All roots are there: from `starting` to `running`, or to `done` if there is no task.
  virtual void seeded() = 0;

  /// Leases a ready task, or one whose lease is over.
  virtual Taken take(const Taker& taker) = 0;
  /// Prolongs leases to `lease` from now; those that are not the caller's any more come back.
  virtual std::vector<std::int64_t> renew(std::span<const Lease> leases,
                                          std::chrono::milliseconds lease) = 0;
  /// Makes the task ready again at once, if the lease is still the caller's.
  virtual void give_back(const Lease& lease) = 0;
  /// Ends the leases that a taker of this name has now, for who knows that it is dead; which tasks
  /// are free then. Without it they end in their time, which is all that a run depends on.
  virtual std::vector<std::int64_t> end_leases(const std::string&) { return {}; }
  /// See above. The lease need not be valid: whose values are stored has done the task.
  virtual Completed complete(const Completion& completion) = 0;

  /// Ends the run early with `failed` or `cancelled`, unless it has ended.
  virtual void end(Phase phase, const std::string& why) = 0;
  /// How many of the tasks that a task waits for, `in_degree` all in all, have not finished.
  /// Without an answer, which is `in_degree`, no worker leaves values out.
  virtual std::int64_t missing(std::int64_t, std::int64_t in_degree) { return in_degree; }

  virtual Status status() = 0;
  virtual bool is_finished(std::int64_t task) = 0;

  /// Up to `most` finished tasks from number `from` on, in order.
  virtual std::vector<std::pair<std::int64_t, TaskRecord>> records(std::int64_t from,
                                                                   std::int64_t most) = 0;
  /// Notes what a worker is and has used, in place of what it noted before.
  virtual void note(const WorkerRecord& worker) = 0;
  virtual std::vector<WorkerRecord> workers() = 0;
  /// Milliseconds since 1970 by the ledger's clock, for what `note` has been told.
  virtual std::int64_t now() = 0;

  /// Removes all that is known of the run.
  virtual void remove() = 0;
};

}  // namespace lambdapack::exec::cloud
