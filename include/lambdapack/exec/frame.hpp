// What every run on this machine's memory has, whoever runs its tasks.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/exec/limits.hpp"
#include "lambdapack/exec/outcome.hpp"
#include "lambdapack/exec/task_runner.hpp"
#include "lambdapack/exec/trace_file.hpp"

namespace lambdapack::exec {

/// A run's clock, its limits and what its workers share.
class RunFrame {
 public:
  /// `options` are those of an executor; `most_dense` as in RunState. Throws input_error if a time
  /// is negative.
  template <class Options>
  RunFrame(Job job, int workers, const Options& options,
           std::int64_t most_dense = detail::most_dense)
      : job_(std::move(job)),
        total_(known_size(job_.graph)),
        trace_file_(trace_file()),
        records_(options.record_events || !trace_file_.empty()),
        limits_(options.time_limit, options.on_progress, options.progress_every),
        state_(job_, workers, most_dense) {}
  RunFrame(const RunFrame&) = delete;
  RunFrame& operator=(const RunFrame&) = delete;

  /// Once all that may throw has been made. Throws input_error if an array cannot be used.
  void begin() {
    begin_arrays(job_);
    try {
      state_.left.find();
    } catch (...) {
      end_arrays(job_, std::current_exception());
      throw;
    }
  }

  const Job& job() const { return job_; }
  RunState& state() { return state_; }
  const RunState& state() const { return state_; }
  /// Whether workers note when each task ran.
  bool records() const { return records_; }
  /// Seconds since the run began.
  double now() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }
  Progress progress(std::int64_t done) const {
    return {done, state_.left.is_part() ? state_.left.size() : total_};
  }

  /// Between two tasks, with the number of those that are done from `done()`. Throws run_error if
  /// the time is up, and what `on_progress` throws.
  template <class Done>
  void check(Done&& done) {
    limits_.check(job_.program->name, [&] { return progress(done()); });
  }

  /// From any thread. Throws run_error if the time is up.
  void check_time() const { limits_.check_time(job_.program->name); }

  /// Puts the arrays in their place or, after an error, abandons them. Returns the error, or that
  /// of an array. `fill(report)` adds what the workers did.
  template <class Fill>
  std::exception_ptr end(std::exception_ptr error, Report& report, Fill&& fill) {
    try {
      report.program = job_.program;
      report.formula_bytes = job_.graph.formula_bytes();
      report.graph = job_.graph;
      report.resumed = state_.left.is_part();
      report.peak_bytes = state_.held.most();
      fill(report);
      // What the last call of on_progress throws ends a run of which nothing is in its place yet.
      if (!error) limits_.finish(progress(report.tasks));
    } catch (...) {
      if (!error) error = std::current_exception();
    }
    try {
      error = end_arrays(job_, std::move(error));
      report.seconds = now();
      std::sort(report.events.begin(), report.events.end(),
                [](const Event& a, const Event& b) { return a.begin < b.begin; });
      if (!trace_file_.empty() && trace_writer() != nullptr) trace_writer()(report, trace_file_);
    } catch (...) {
      if (!error) error = std::current_exception();
    }
    return error;
  }

 private:
  const Job job_;
  const std::int64_t total_;
  const std::string trace_file_;
  const bool records_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  Limits limits_;
  RunState state_;
};

/// One who runs tasks of a run, with notes of what it did.
class alignas(64) Worker {
 public:
  Worker(RunFrame& frame, int number)
      : frame_(frame), number_(number), runner_(frame.state(), frame.records()) {}

  /// As TaskRunner::run.
  template <class Ahead>
  void run(const Node& node, Ahead&& ahead) {
    const double from = frame_.records() ? frame_.now() : 0;
    const bool handed_on = !runner_.run(node, ahead);
    if (frame_.records())
      events_.push_back({node, number_, from, frame_.now(), handed_on, runner_.operations(),
                         frame_.state().held.now()});
    tasks_.store(tasks_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    handed_on_ += handed_on ? 1 : 0;
  }

  /// The successors of the node that is run, or was run last.
  std::span<const Node> successors() const { return runner_.successors(); }

  /// The number of tasks it has run; any thread may ask.
  std::int64_t tasks() const { return tasks_.load(std::memory_order_relaxed); }

  /// Adds its notes to a report.
  void tell(Report& report) const {
    ++report.workers;
    report.tasks += tasks();
    report.handed_on += handed_on_;
    report.events.insert(report.events.end(), events_.begin(), events_.end());
  }

 private:
  RunFrame& frame_;
  const int number_;
  std::atomic<std::int64_t> tasks_{0};  // written by itself alone
  std::int64_t handed_on_ = 0;
  std::vector<Event> events_;
  TaskRunner runner_;
};

}  // namespace lambdapack::exec
