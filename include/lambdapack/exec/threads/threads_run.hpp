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

#include "lambdapack/exec/detail/arrival_counts.hpp"
#include "lambdapack/exec/frame.hpp"
#include "lambdapack/exec/outcome.hpp"
#include "lambdapack/exec/threads/crew.hpp"
#include "lambdapack/exec/threads/levels.hpp"
#include "lambdapack/exec/threads/ready.hpp"
#include "lambdapack/exec/threads/threads.hpp"

namespace lambdapack {

namespace exec::detail {

class ThreadsRun final : public Run, private Work {
 public:
  ThreadsRun(Job job, std::shared_ptr<Crew> crew, int places, const threads& options)
      : Work(places),
        frame_(std::move(job), places, options),
        pending_(numbering().nodes()),
        levels_(frame_.job(), numbering()),
        ready_(frame_.job().graph, frame_.state().left, numbering(), levels_.strict(), places),
        crew_(std::move(crew)) {
    for (int p = 0; p < places; ++p) seats_.push_back(std::make_unique<Seat>(frame_, p));
    frame_.begin();
    try {
      crew_->add(*this);
    } catch (...) {
      end_arrays(frame_.job(), std::current_exception());
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

  Progress progress() const override { return frame_.progress(done()); }

  void cancel() override {
    fail(std::make_exception_ptr(run_error("lambdapack: the run of " + frame_.job().program->name +
                                           " was cancelled before its end")));
    crew_->settle(*this);
  }

 private:
  // What one who takes part works with.
  struct Seat {
    Seat(RunFrame& frame, int place) : worker(frame, place) {}
    Worker worker;
    std::vector<std::int64_t> numbers;  // of the successors
    std::vector<Ready> ready;
  };

  const Numbering& numbering() const { return frame_.state().numbering; }

  std::int64_t done() const {
    std::int64_t tasks = 0;
    for (const auto& seat : seats_) tasks += seat->worker.tasks();
    return tasks;
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
            ready_.put_back(place, {numbering().number(node), levels_.of(node)});
            return;
          }
          frame_.check([this] { return done(); });
          run(node, seat);
          goes_on = ready_.finished(place, seat.ready, node);
          if (seat.ready.size() > 1) crew_->wake(*this, seat.ready.size() - 1);
        }
      }
    } catch (...) {
      fail(std::current_exception());
    }
  }

  void run(const Node& node, Seat& seat) {
    seat.ready.clear();
    seat.numbers.clear();
    seat.worker.run(node, [&] {
      for (const Node& next : seat.worker.successors()) {
        seat.numbers.push_back(numbering().number(next));
        pending_.fetch(seat.numbers.back());
      }
    });
    for (std::size_t k = 0; k < seat.numbers.size(); ++k) {
      const Node& next = seat.worker.successors()[k];
      const std::int64_t number = seat.numbers[k];
      const bool is_last =
          pending_.arrive(number, [&] { return frame_.state().left.in_degree(next); });
      if (is_last) seat.ready.push_back({number, levels_.of(next), &next});
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
    error = frame_.end(std::move(error), report, [this](Report& all) {
      for (const auto& seat : seats_) seat->worker.tell(all);
    });
    // Whoever waits may then destroy this.
    outcome_.set(std::move(report), std::move(error));
  }

  RunFrame frame_;
  ArrivalCounts pending_;
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
