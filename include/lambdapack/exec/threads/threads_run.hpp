// The bodies of lp::threads and lp::Pool: work stealing over a graph that is never unrolled.
#pragma once

#include <algorithm>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "lambdapack/exec/detail/arrival_counts.hpp"
#include "lambdapack/exec/streaming/streaming_run.hpp"
#include "lambdapack/exec/threads/crew_run.hpp"
#include "lambdapack/exec/threads/levels.hpp"
#include "lambdapack/exec/threads/ready.hpp"
#include "lambdapack/exec/threads/threads.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack {

namespace exec::detail {

class ThreadsRun final : public CrewRun {
 public:
  ThreadsRun(Job job, std::shared_ptr<Crew> crew, int places, const threads& options)
      : CrewRun(std::move(job), std::move(crew), places, places, options),
        pending_(numbering().nodes()),
        levels_(frame().job(), numbering()),
        ready_(frame().job().graph, frame().state().left, numbering(), levels_.strict(), places) {
    for (int p = 0; p < places; ++p) seats_.push_back(std::make_unique<Seat>(frame(), p));
    frame().begin();
    start([] {});
  }

  ~ThreadsRun() override { leave(); }

 private:
  // What one who takes part works with.
  struct Seat {
    Seat(RunFrame& frame, int place) : worker(frame, place) {}
    Worker worker;
    std::vector<std::int64_t> numbers;  // of the successors
    std::vector<Ready> ready;
  };

  std::int64_t done() const override {
    std::int64_t tasks = 0;
    for (const auto& seat : seats_) tasks += seat->worker.tasks();
    return tasks;
  }

  void stop() override { ready_.stop(); }
  void tell(Report& report) const override {
    for (const auto& seat : seats_) seat->worker.tell(report);
  }

  bool has_tasks() const override { return ready_.has_tasks(); }
  bool is_over() const override { return ready_.stopped() || ready_.over(); }

  void take_part(int place) override {
    Seat& seat = *seats_[static_cast<std::size_t>(place)];
    const Turn turn;
    Node node;
    try {
      while (ready_.take(place, node)) {
        if (ready_.has_tasks()) crew().wake(*this, 1);
        for (bool goes_on = true; goes_on && !ready_.stopped();) {
          if (crew().crowded() && turn.is_over()) {
            ready_.put_back(place, {numbering().number(node), levels_.of(node)});
            return;
          }
          frame().check([this] { return done(); });
          run(node, seat);
          goes_on = ready_.finished(place, seat.ready, node);
          if (seat.ready.size() > 1) crew().wake(*this, seat.ready.size() - 1);
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
          pending_.arrive(number, [&] { return frame().state().left.in_degree(next); });
      if (is_last) seat.ready.push_back({number, levels_.of(next), &next});
    }
  }

  ArrivalCounts pending_;
  const Levels levels_;
  ReadyQueues ready_;
  std::vector<std::unique_ptr<Seat>> seats_;
};

// For runs that name no pool. It is never destroyed, so that a run that is under way when the
// process ends still has its threads. A process that was forked gets one of its own.
inline std::shared_ptr<Crew> process_crew() {
  static std::mutex mutex;
  static auto* const crew = new std::shared_ptr<Crew>(std::make_shared<Crew>());
  const std::lock_guard lock(mutex);
  if (!(*crew)->is_here()) *crew = std::make_shared<Crew>();
  return *crew;
}

inline int one_per_core() {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

// Throws input_error unless so many workers can be.
inline void require_workers(const char* who, int workers) {
  constexpr int most = 4096;
  if (workers >= 0 && workers <= most) return;
  throw input_error(text({"lambdapack: ", who, " was given ", workers, " workers; give it 1 to ",
                          most, ", or 0 for one per core"}));
}

}  // namespace exec::detail

LAMBDAPACK_API Pool::Pool(int workers, bool pinned) {
  exec::detail::require_workers("lp::Pool", workers);
  crew_ =
      std::make_shared<exec::Crew>(workers > 0 ? workers : exec::detail::one_per_core(), pinned);
}

LAMBDAPACK_API int Pool::workers() const { return crew_->limit(); }

LAMBDAPACK_API exec::Handle threads::start(exec::Job job) const {
  exec::detail::require_workers("lp::threads", workers);
  const std::shared_ptr<exec::Crew> crew = pool ? pool->crew() : exec::detail::process_crew();
  int places = workers > 0 ? workers : exec::detail::one_per_core();
  if (pool) places = workers > 0 ? std::min(workers, pool->workers()) : pool->workers();
  if (memory < 0)
    throw input_error(text({"lambdapack: lp::threads was given a limit of memory of ", memory,
                            " bytes; give it 0 for none, or a number above"}));
  if (memory != 0)
    return exec::Handle(std::make_unique<exec::streaming::StreamingRun>(
        std::move(job), crew, exec::streaming::Room{memory, places, scratch, true}, *this));
  return exec::Handle(
      std::make_unique<exec::detail::ThreadsRun>(std::move(job), crew, places, *this));
}

}  // namespace lambdapack
