// The bodies of lp::threads and lp::Pool: work stealing over a graph that is never unrolled.
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

#include "lambdapack/exec/limits.hpp"
#include "lambdapack/exec/outcome.hpp"
#include "lambdapack/exec/task_runner.hpp"
#include "lambdapack/exec/threads/crew.hpp"
#include "lambdapack/exec/threads/levels.hpp"
#include "lambdapack/exec/threads/pending.hpp"
#include "lambdapack/exec/threads/ready.hpp"
#include "lambdapack/exec/threads/threads.hpp"
#include "lambdapack/exec/trace.hpp"

namespace lambdapack {

namespace exec::detail {

class ThreadsRun final : public Run, private Work {
 public:
  ThreadsRun(Job job, std::shared_ptr<Crew> crew, int places, const threads& options)
      : Work(places),
        job_(std::move(job)),
        total_(known_size(job_.graph)),
        trace_file_(trace_file()),
        record_events_(options.record_events || !trace_file_.empty()),
        limits_(options.time_limit, options.on_progress, options.progress_every),
        state_(job_),
        pending_(job_.graph, state_.numbering),
        levels_(job_, state_.numbering),
        ready_(job_.graph, state_.numbering, levels_.strict(), places),
        crew_(std::move(crew)) {
    for (int p = 0; p < places; ++p)
      seats_.push_back(std::make_unique<Seat>(state_, record_events_));
    begin_arrays(job_);
    try {
      crew_->add(*this);
    } catch (...) {
      end_arrays(job_, std::current_exception());
      throw;
    }
  }

  ~ThreadsRun() override {
    cancel();
    wait_for_end();
  }

  Report wait() override {
    wait_for_end();
    return outcome_.wait();
  }

  bool wait_for(std::chrono::milliseconds time) override {
    if (!Crew::is_member()) return outcome_.wait_for(time);
    // A kernel may wait longer than asked for, by the tasks that it runs meanwhile.
    const auto begin = std::chrono::steady_clock::now();
    while (crew_->help(*this))
      if (std::chrono::steady_clock::now() - begin >= time) return outcome_.wait_for({});
    return outcome_.wait_for(time);
  }

  Progress progress() const override {
    Progress progress{0, total_};
    for (const auto& seat : seats_) progress.done += seat->tasks.load(std::memory_order_relaxed);
    return progress;
  }

  void cancel() override {
    fail(std::make_exception_ptr(run_error("lambdapack: the run of " + job_.program->name +
                                           " was cancelled before its end")));
    crew_->settle(*this);
  }

 private:
  // What one who takes part works with.
  struct alignas(64) Seat {
    Seat(RunState& state, bool counting) : runner(state, counting) {}
    std::atomic<std::int64_t> tasks{0};  // written by its holder alone
    std::int64_t handed_on = 0;
    std::vector<Event> events;
    std::vector<Ready> ready;
    TaskRunner runner;
  };

  double now() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }

  // A kernel that waits for a run takes part in it, or all workers might be waiting.
  void wait_for_end() {
    if (Crew::is_member())
      while (!outcome_.wait_for(std::chrono::milliseconds(0)))
        if (!crew_->help(*this)) outcome_.wait_for(std::chrono::milliseconds(1));
    outcome_.wait_for_end();
  }

  bool has_tasks() const override { return ready_.has_tasks(); }
  bool is_over() const override { return ready_.stopped() || ready_.over(); }

  void take_part(int place) override {
    Seat& seat = *seats_[static_cast<std::size_t>(place)];
    const Turn turn;
    Node node;
    try {
      while (ready_.take(place, node)) {
        if (ready_.has_tasks()) crew_->wake(*this, 1);
        for (bool goes_on = true; goes_on && !ready_.stopped();) {
          if (crew_->crowded() && turn.is_over()) {
            ready_.put_back(place, {state_.numbering.number(node), levels_.of(node)});
            return;
          }
          limits_.check(job_.program->name, [this] { return progress(); });
          run(node, place, seat);
          goes_on = ready_.finished(place, seat.ready, node);
          if (seat.ready.size() > 1) crew_->wake(*this, seat.ready.size() - 1);
        }
      }
    } catch (...) {
      fail(std::current_exception());
    }
  }

  void run(const Node& node, int place, Seat& seat) {
    seat.ready.clear();
    const double from = record_events_ ? now() : 0;
    const bool handed_on = !seat.runner.run(node);
    if (record_events_)
      seat.events.push_back({node, place, from, now(), handed_on, seat.runner.operations()});
    seat.tasks.store(seat.tasks.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    seat.handed_on += handed_on ? 1 : 0;
    for (const Node& next : seat.runner.successors()) {
      const std::int64_t number = state_.numbering.number(next);
      if (pending_.arrive(next, number)) seat.ready.push_back({number, levels_.of(next)});
    }
  }

  // How long a worker stays with one of several runs.
  class Turn {
   public:
    bool is_over() const {
      return std::chrono::steady_clock::now() - begin_ > std::chrono::milliseconds(5);
    }

   private:
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  };

  void fail(std::exception_ptr error) {
    {
      const std::lock_guard lock(error_mutex_);
      if (!error_ && !ending_) error_ = std::move(error);
    }
    ready_.stop();
  }

  void end() override {
    std::exception_ptr error;
    {
      const std::lock_guard lock(error_mutex_);
      ending_ = true;
      error = error_;
    }
    Report report;
    try {
      error = end_arrays(job_, std::move(error));
      report = this->report();
      if (!trace_file_.empty()) write_trace(report, trace_file_);
      if (!error) limits_.finish(progress());
    } catch (...) {
      if (!error) error = std::current_exception();
    }
    // Whoever waits may then destroy this.
    outcome_.set(std::move(report), std::move(error));
  }

  Report report() {
    Report report{job_.program, 0, places(), now(), job_.graph.formula_bytes(), {}, 0, job_.graph};
    for (const auto& seat : seats_) {
      report.tasks += seat->tasks;
      report.handed_on += seat->handed_on;
      report.events.insert(report.events.end(), seat->events.begin(), seat->events.end());
    }
    std::sort(report.events.begin(), report.events.end(),
              [](const Event& a, const Event& b) { return a.begin < b.begin; });
    return report;
  }

  const Job job_;
  const std::int64_t total_;
  const std::string trace_file_;
  const bool record_events_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  Limits limits_;
  RunState state_;
  PendingTable pending_;
  const Levels levels_;
  ReadyQueues ready_;
  std::vector<std::unique_ptr<Seat>> seats_;
  std::mutex error_mutex_;
  std::exception_ptr error_;
  bool ending_ = false;
  Outcome outcome_;
  const std::shared_ptr<Crew> crew_;
};

// For runs that name no pool. Every run owns it too, so that a run that is under way when the
// process ends still has its threads.
inline const std::shared_ptr<Crew>& process_crew() {
  static const auto crew = std::make_shared<Crew>();
  return crew;
}

inline int one_per_core() {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace exec::detail

LAMBDAPACK_API Pool::Pool(int workers, bool pinned) {
  if (workers < 0)
    throw input_error("lambdapack: lp::Pool was given " + std::to_string(workers) +
                      " workers; give it at least 1, or 0 for one per core");
  crew_ =
      std::make_shared<exec::Crew>(workers > 0 ? workers : exec::detail::one_per_core(), pinned);
}

LAMBDAPACK_API int Pool::workers() const { return crew_->limit(); }

LAMBDAPACK_API exec::Handle threads::start(exec::Job job) const {
  if (workers < 0)
    throw input_error("lambdapack: lp::threads was given " + std::to_string(workers) +
                      " workers; give it at least 1, or 0 for one per core");
  const std::shared_ptr<exec::Crew>& crew = pool ? pool->crew() : exec::detail::process_crew();
  int places = workers > 0 ? workers : exec::detail::one_per_core();
  if (pool) places = workers > 0 ? std::min(workers, pool->workers()) : pool->workers();
  return exec::Handle(
      std::make_unique<exec::detail::ThreadsRun>(std::move(job), crew, places, *this));
}

}  // namespace lambdapack
