// What an executor is given, what it gives back, and what a type must do to be one.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lambdapack/graph/task_graph.hpp"
#include "lambdapack/ir/constant.hpp"
#include "lambdapack/ir/program.hpp"
#include "lambdapack/kernel/function.hpp"
#include "lambdapack/tile/store.hpp"

namespace lambdapack::exec {

/// A task graph with everything that it takes to run it. `kernels` and `arrays` are by position in
/// the program; a temp has a null array. `program` is for names and source lines.
struct Job {
  std::shared_ptr<const ir::Program> program;
  TaskGraph graph;
  std::vector<std::shared_ptr<const kernel::Function>> kernels;
  std::vector<std::shared_ptr<tile::Store>> arrays;
  std::vector<ir::Constant> constants = {};  ///< in the order of the program's parameters
};

/// One task's run: who, and from when to when, in seconds since the run began.
struct Event {
  Node node;
  int worker = 0;
  double begin = 0;
  double end = 0;
  bool handed_on = false;  ///< its loop had stopped: no kernel was called
  double operations = -1;  ///< floating-point ones of its kernel; -1 if that does not count them
  std::int64_t held_bytes = 0;  ///< of tiles that the run held at its end
};

/// How far a run is. `total` is -1 where no formula tells it.
struct Progress {
  std::int64_t done = 0;
  std::int64_t total = -1;
};

/// What a run was.
struct Report {
  std::shared_ptr<const ir::Program> program;
  std::int64_t tasks = 0;  ///< tasks run
  int workers = 0;
  double seconds = 0;             ///< from start to the last task's end, stores included
  std::size_t formula_bytes = 0;  ///< size of the graph that the workers shared
  std::vector<Event> events;      ///< in order of `begin`, if the executor was asked to record them
  std::int64_t handed_on = 0;     ///< tasks of stopped loops: they called no kernel
  std::optional<TaskGraph> graph;  ///< what the run went by, to ask for predecessors of its events
  /// The most bytes of tiles that the run held at once, by their payloads' `byte_size`: loaded
  /// tiles from their first reader to their last, values from the task that writes them. On one
  /// worker it is what `peak_held` computes; on several it may be wrong by 64 KiB for each. Of
  /// several processes it is this one's, and what is on its way to others counts once more.
  std::int64_t peak_bytes = 0;
  bool resumed = false;              ///< it went on from tiles that an earlier run had saved
  std::int64_t loaded_bytes = 0;     ///< of tiles that a run with a limit of memory has loaded
  std::int64_t put_aside_bytes = 0;  ///< of values that it wrote where no array is, to read again
};

/// A run under way.
class Run {
 public:
  virtual ~Run() = default;
  /// Waits for the end; throws what ended the run early.
  virtual Report wait() = 0;
  /// Waits for the end, but not longer; whether it has come.
  virtual bool wait_for(std::chrono::milliseconds time) = 0;
  virtual Progress progress() const = 0;
  /// Asks the run to stop: tasks under way finish, no other begins.
  virtual void cancel() = 0;
  /// Whether its threads are of this process, and not of one that it was forked from.
  virtual bool is_here() const { return true; }
};

/// The user's end of a run. Dropping it cancels the run and waits until it has stopped. A process
/// that was forked has a copy, which can do nothing but go.
class [[nodiscard(
    "lambdapack: keep the handle of a run and call wait(); dropping it cancels the "
    "run")]] Handle {
 public:
  explicit Handle(std::unique_ptr<Run> run) : run_(run.release()) {}

  /// Waits for the end and tells what happened. Throws run_error if a kernel failed or made a tile
  /// that cannot be stored, or the run was cancelled or its time was up; input_error if a tile
  /// cannot be loaded, or a result not be put in its place.
  Report wait() { return run_->wait(); }
  /// Waits for the end, but not longer than `time`; whether it has come.
  bool wait_for(std::chrono::milliseconds time) { return run_->wait_for(time); }
  /// How far the run is.
  Progress progress() const { return run_->progress(); }
  /// Asks the run to stop; `wait` then throws. Does nothing to a run that has ended.
  void cancel() { run_->cancel(); }

 private:
  // In the middle of whatever its threads were doing, a run is left as it is.
  struct End {
    void operator()(Run* run) const {
      if (run->is_here()) delete run;
    }
  };

  std::unique_ptr<Run, End> run_;
};

}  // namespace lambdapack::exec

namespace lambdapack {

/// Something that runs task graphs.
/// Accepted: `lp::threads`, `lp::sequential`. Rejected: a thread pool without `start(Job)`.
template <class E>
concept Executor = requires(const E& executor, exec::Job job) {
  { executor.start(std::move(job)) } -> std::same_as<exec::Handle>;
};

}  // namespace lambdapack
