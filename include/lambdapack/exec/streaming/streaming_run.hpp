// A run that stays below a limit of memory: tiles come when they are needed and go when others are.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "lambdapack/exec/load_stored.hpp"
#include "lambdapack/exec/streaming/plan.hpp"
#include "lambdapack/exec/streaming/room.hpp"
#include "lambdapack/exec/streaming/scratch.hpp"
#include "lambdapack/exec/threads/crew_run.hpp"
#include "lambdapack/text.hpp"
#include "lambdapack/tile/detail/buffers.hpp"

namespace lambdapack::exec::streaming {

/// Works on a window of tiles at a time, which moves along their order, so that what is loaded
/// serves many tasks before it goes. There are more places than workers: those who have no turn to
/// compute bring the tiles of the tasks to come.
class StreamingRun final : public CrewRun {
 public:
  template <class Options>
  StreamingRun(Job job, std::shared_ptr<Crew> crew, const Room& room, const Options& options)
      : CrewRun(std::move(job), std::move(crew), 1, room.workers + ahead, options, most_dense),
        plan_(frame().state(), room.workers, ahead),
        scratch_(room.scratch) {
    for (int w = 0; w < room.workers; ++w) {
      workers_.push_back(std::make_unique<Worker>(frame(), w));
      idle_.push_back(workers_.back().get());
    }
    if (room.is_of_process) cap_.emplace(tile::detail::Buffers::process(), kept_buffers);
    frame().begin();
    start([&] {
      plan_.set_room(room.is_of_process ? tiles_below(room) : room.bytes);
      plan_.begin();
      over_.store(plan_.is_over());
    });
  }

  ~StreamingRun() override { leave(); }

 private:
  // Tasks whose tiles are brought while the workers compute.
  static constexpr int ahead = 2;

  // What a thread that takes part does next: runs a task, or brings its tiles if it has no worker.
  struct Step {
    std::unique_ptr<Task> task;
    Worker* worker = nullptr;
  };

  // Once all that is made at the beginning is there.
  std::int64_t tiles_below(const Room& room) {
    std::int64_t to_come = bytes_of_tables(frame().job(), numbering());
    for (const auto& array : frame().job().arrays)
      if (array) to_come += array->memory_to_come();
    return room_below(room.bytes, room.workers, plan_.sizes().of_arrays(), to_come);
  }

  std::int64_t done() const override {
    std::int64_t tasks = 0;
    for (const auto& worker : workers_) tasks += worker->tasks();
    return tasks;
  }

  void stop() override { stopped_.store(true, std::memory_order_release); }

  void tell(Report& report) const override {
    for (const auto& worker : workers_) worker->tell(report);
    report.loaded_bytes = loaded_bytes_.load();
    report.put_aside_bytes = scratch_.written();
  }

  bool has_tasks() const override { return !stopped() && may_begin_.load(); }
  bool is_over() const override { return stopped() || over_.load(); }
  bool stopped() const { return stopped_.load(std::memory_order_acquire); }

  void take_part(int) override {
    const Turn turn;
    try {
      while (!(crew().crowded() && turn.is_over())) {
        Step step = next();
        if (!step.task) return;
        if (may_begin_.load()) crew().wake(*this, 1);
        if (step.worker == nullptr) step = bring(std::move(step.task));
        if (stopped()) return;
        if (step.worker != nullptr) run(step);
      }
    } catch (...) {
      fail(std::current_exception());
    }
  }

  // Who has brought a task while no worker was idle has left it for the next who is.
  Step next() {
    const std::lock_guard lock(mutex_);
    if (stopped() || over_.load()) return {};
    if (!idle_.empty() && !brought_.empty()) {
      std::unique_ptr<Task> task = std::move(brought_.front());
      brought_.pop_front();
      return {std::move(task), idle_worker()};
    }
    std::unique_ptr<Task> task = plan_.next();
    if (!task) may_begin_.store(false);
    return {std::move(task), nullptr};
  }

  // Under the mutex; nullptr if there is none.
  Worker* idle_worker() {
    if (idle_.empty()) return nullptr;
    Worker* const worker = idle_.back();
    idle_.pop_back();
    return worker;
  }

  // Puts aside what the task's tiles take the place of, and loads them.
  Step bring(std::unique_ptr<Task> task) {
    bool has_moved = !task->spills.empty();
    for (Resident* const value : task->spills) {
      scratch_.put(value->number, value->cell->tile);
      const std::lock_guard lock(mutex_);
      plan_.is_aside(*value, *task);
    }
    for (const Task::Read& read : task->reads)
      if (read.loads) {
        load(*read.value);
        has_moved = true;
      }
    Step step{std::move(task), nullptr};
    {
      const std::lock_guard lock(mutex_);
      plan_.has_come(*step.task);
      step.worker = idle_worker();
      if (step.worker == nullptr) brought_.push_back(std::move(step.task));
    }
    if (has_moved) changed();
    return step;
  }

  // Who has a value in hand may look at it without the mutex.
  void load(Resident& r) {
    tile::Tile tile =
        r.in_scratch ? scratch_.get(r.number, *r.type) : load_stored(frame().job(), r.value);
    frame().state().held.change(bytes_of(tile));
    loaded_bytes_.fetch_add(bytes_of(tile), std::memory_order_relaxed);
    const std::lock_guard lock(r.cell->loading);
    r.cell->tile = std::move(tile);
  }

  void run(Step& step) {
    try {
      frame().check([this] { return done(); });
      take_from_arrays(*step.task);
      step.worker->run(step.task->node, [] {});
      finish(*step.task, step.worker);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      idle_.push_back(step.worker);
      throw;
    }
    changed();
  }

  // An array in memory shares its tiles with the run. One that the program overwrites it gives away
  // to the last who reads it, or the task would have to leave it alone and work on a copy.
  void take_from_arrays(const Task& task) {
    for (const Task::Read& read : task.reads) {
      const Resident& r = *read.value;
      if (!r.overwritten || r.cell->tile.unique()) continue;
      if (r.cell->readers.load(std::memory_order_acquire) != 1) continue;
      const TileName tile = r.value.tile();
      frame().job().arrays[static_cast<std::size_t>(tile.array)]->take(tile.indices);
    }
  }

  void finish(Task& task, Worker* worker) {
    const std::lock_guard lock(mutex_);
    plan_.has_run(task, worker->successors(),
                  [&](std::int64_t number) { scratch_.remove(number); });
    idle_.push_back(worker);
    if (plan_.is_over()) over_.store(true);
  }

  // Something may begin that could not before.
  void changed() {
    may_begin_.store(!over_.load());
    crew().wake(*this, 1);
  }

  std::optional<tile::detail::Buffers::Cap> cap_;
  Plan plan_;
  Scratch scratch_;
  std::atomic<std::int64_t> loaded_bytes_{0};
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<Worker*> idle_;
  std::deque<std::unique_ptr<Task>> brought_;  // of tasks that have their tiles and no worker
  std::mutex mutex_;                           // of the plan, and of who is idle
  std::atomic<bool> may_begin_{true};          // even if only that the run is over may be found
  std::atomic<bool> over_{false};
  std::atomic<bool> stopped_{false};
};

}  // namespace lambdapack::exec::streaming
