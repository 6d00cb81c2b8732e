// The body of lp::threads: work stealing over a graph that is never unrolled.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "lambdapack/exec/outcome.hpp"
#include "lambdapack/exec/task_runner.hpp"
#include "lambdapack/exec/threads/levels.hpp"
#include "lambdapack/exec/threads/pending.hpp"
#include "lambdapack/exec/threads/ready.hpp"
#include "lambdapack/exec/threads/threads.hpp"
#include "lambdapack/exec/trace.hpp"

namespace lambdapack {

namespace exec::detail {

class ThreadsRun final : public Run {
 public:
  ThreadsRun(Job job, int workers, bool record_events)
      : job_(std::move(job)),
        total_(known_size(job_.graph)),
        trace_file_(trace_file()),
        record_events_(record_events || !trace_file_.empty()),
        state_(job_),
        pending_(job_.graph, state_.numbering),
        ready_(job_.graph, workers),
        levels_(job_),
        workers_(static_cast<std::size_t>(workers)),
        running_(workers) {
    threads_.reserve(workers_.size());
    begin_arrays(job_);
    begin_ = std::chrono::steady_clock::now();
    for (int w = 0; w < workers; ++w) start_worker(w);
  }

  ~ThreadsRun() override {
    cancel();
    for (std::thread& t : threads_) t.join();
  }

  Report wait() override { return outcome_.wait(); }
  bool wait_for(std::chrono::milliseconds time) override { return outcome_.wait_for(time); }
  Progress progress() const override {
    Progress progress{0, total_};
    for (const Worker& w : workers_) progress.done += w.tasks.load(std::memory_order_relaxed);
    return progress;
  }

  void cancel() override {
    fail(std::make_exception_ptr(run_error("lambdapack: the run of " + job_.program->name +
                                           " was cancelled before its end")));
  }

 private:
  struct alignas(64) Worker {
    std::atomic<std::int64_t> tasks{0};  // written by the worker alone
    std::int64_t handed_on = 0;
    std::vector<Event> events;
  };

  void start_worker(int w) {
    try {
      threads_.emplace_back([this, w] { work(w); });
    } catch (...) {
      // Fewer workers than asked for do the same work; none at all cannot.
      if (threads_.empty()) {
        end_arrays(job_, std::current_exception());
        throw;
      }
      leave();
    }
  }

  double now() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }

  void work(int w) {
    Worker& worker = workers_[static_cast<std::size_t>(w)];
    TaskRunner runner(state_);
    std::vector<Ready> ready;
    bool goes_on = false;
    Node node;
    try {
      while (goes_on ? !ready_.stopped() : ready_.pop(w, node)) {
        ready.clear();
        const double from = record_events_ ? now() : 0;
        const bool handed_on = !runner.run(node);
        if (record_events_) worker.events.push_back({node, w, from, now(), handed_on});
        worker.tasks.store(worker.tasks.load(std::memory_order_relaxed) + 1,
                           std::memory_order_relaxed);
        worker.handed_on += handed_on ? 1 : 0;
        for (const Node& next : runner.successors())
          if (pending_.arrive(next)) ready.push_back({next, levels_.of(next)});
        goes_on = ready_.finished(w, ready, node);
      }
    } catch (...) {
      fail(std::current_exception());
    }
    leave();
  }

  void fail(std::exception_ptr error) {
    {
      const std::lock_guard lock(error_mutex_);
      if (!error_ && !ending_) error_ = std::move(error);
    }
    ready_.stop();
  }

  // The last worker to leave ends the run.
  void leave() {
    if (running_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    std::exception_ptr error;
    {
      const std::lock_guard lock(error_mutex_);
      ending_ = true;
      error = error_;
    }
    try {
      end(std::move(error));
    } catch (...) {
      outcome_.set({}, std::current_exception());
    }
  }

  void end(std::exception_ptr error) {
    error = end_arrays(job_, std::move(error));
    Report report{
        job_.program, 0, static_cast<int>(workers_.size()), now(), job_.graph.formula_bytes(),
        {},           0};
    for (Worker& worker : workers_) {
      report.tasks += worker.tasks;
      report.handed_on += worker.handed_on;
      report.events.insert(report.events.end(), worker.events.begin(), worker.events.end());
    }
    std::sort(report.events.begin(), report.events.end(),
              [](const Event& a, const Event& b) { return a.begin < b.begin; });
    if (!trace_file_.empty()) write_trace(report, trace_file_);
    outcome_.set(std::move(report), std::move(error));
  }

  const Job job_;
  const std::int64_t total_;
  const std::string trace_file_;
  const bool record_events_;
  RunState state_;
  PendingTable pending_;
  ReadyQueues ready_;
  const Levels levels_;
  std::vector<Worker> workers_;
  std::chrono::steady_clock::time_point begin_;
  std::atomic<int> running_;
  std::mutex error_mutex_;
  std::exception_ptr error_;
  bool ending_ = false;
  Outcome outcome_;
  std::vector<std::thread> threads_;
};

}  // namespace exec::detail

LAMBDAPACK_API exec::Handle threads::start(exec::Job job) const {
  if (workers < 0)
    throw input_error("lambdapack: lp::threads was given " + std::to_string(workers) +
                      " workers; give it at least 1, or 0 for one per core");
  const int n =
      workers > 0 ? workers : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return exec::Handle(std::make_unique<exec::detail::ThreadsRun>(std::move(job), n, record_events));
}

}  // namespace lambdapack
