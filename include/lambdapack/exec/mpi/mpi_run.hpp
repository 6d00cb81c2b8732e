// The body of lp::mpi: how a run begins on all ranks and ends on all, and the workers that run the
// tasks of this rank.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "lambdapack/exec/faults.hpp"
#include "lambdapack/exec/limits.hpp"
#include "lambdapack/exec/mpi/agree.hpp"
#include "lambdapack/exec/mpi/calls.hpp"
#include "lambdapack/exec/mpi/early_end.hpp"
#include "lambdapack/exec/mpi/exchange.hpp"
#include "lambdapack/exec/mpi/likeness.hpp"
#include "lambdapack/exec/mpi/mpi.hpp"
#include "lambdapack/exec/mpi/parked_threads.hpp"
#include "lambdapack/exec/mpi/site.hpp"
#include "lambdapack/exec/mpi/together.hpp"
#include "lambdapack/exec/outcome.hpp"
#include "lambdapack/exec/trace_file.hpp"

namespace lambdapack {

namespace exec::detail {

class MpiRun final : public Run {
 public:
  /// All ranks construct it together. Throws what any of them cannot begin with.
  MpiRun(Job job, const mpi& options)
      : threads_allowed_(mpi_threads_allowed()),
        comm_((end_earlier(threads_allowed_), options.comm)),
        job_(std::move(job)),
        on_traffic_(options.on_traffic),
        trace_file_(trace_file()),
        record_events_(options.record_events || !trace_file_.empty()),
        arrays_(job_, comm_) {
    const int shared = comm_.share_of_cores();
    const int workers = options.workers != 0 ? options.workers : shared;
    std::vector<distributed::ArrayPlace> places;
    Likeness likeness;
    together(comm_, [&] {
      check(options);
      limits_.emplace(options.time_limit, options.on_progress, options.progress_every);
      const ProcessGrid grid = options.grid.value_or(ProcessGrid::of(comm_.size()));
      places = places_of(job_, grid, options.distributions);
      require_communicators(job_, comm_);
      placement_.emplace(*job_.program, job_.graph, places, comm_.size(), options.placement);
      likeness = Likeness(job_, places, static_cast<bool>(options.placement));
    });
    likeness.require(comm_);
    together(comm_, [&] {
      site_ = std::make_unique<distributed::Site>(job_, *placement_, comm_.rank(), workers,
                                                  options.offer_bytes);
      early_.emplace(*site_);
      exchange_.emplace(comm_, job_, *site_, *early_, options.buffer_bytes);
      make_threads(workers);
    });
    arrays_.begin();
    std::exception_ptr error = agree<input_error>(comm_, caught([&] { site_->find_left(); }));
    if (!error) error = caught([&] { require_same_saved(); });
    if (error) {
      arrays_.end(error);
      std::rethrow_exception(error);
    }
    if (!has_thread()) under_way().push_back(this);
    begin_ = std::chrono::steady_clock::now();
    threads_.go();
  }

  ~MpiRun() override {
    cancel();
    wait_for_end();
  }

  Report wait() override {
    if (!over_) require_thread();
    wait_for_end();
    return outcome_.wait();
  }

  bool wait_for(std::chrono::milliseconds time) override {
    if (has_thread()) return outcome_.wait_for(time);
    if (!over_) require_thread();
    const auto begin = std::chrono::steady_clock::now();
    do {
      if (!over_) turn_all();
    } while (!over_ && std::chrono::steady_clock::now() - begin < time);
    return over_;
  }

  bool is_here() const override { return process_ == ::getpid(); }

  Progress progress() const override {
    return {site_->finished(), site_->tasks_found() ? site_->found() : -1};
  }

  void cancel() override {
    if (over_) return;
    early_->fail(std::make_exception_ptr(run_error(
        text({"lambdapack: the run of ", job_.program->name, " was cancelled before its end"}))));
  }

  /// Where no thread sends and receives, brings the runs under way to their end before all ranks do
  /// something together: a rank that waits for that moves none of them, and one that waits for a
  /// run would not come.
  static void end_earlier(int threads_allowed) {
    while (threads_allowed < MPI_THREAD_MULTIPLE && !under_way().empty()) turn_all();
  }

 private:
  using Clock = std::chrono::steady_clock;

  // With less than MPI_THREAD_MULTIPLE only the user's thread may send and receive: nobody else
  // knows when it does something with MPI.
  bool has_thread() const { return threads_allowed_ >= MPI_THREAD_MULTIPLE; }

  // The runs for which `wait` sends and receives, in the order of their starts. Whoever waits for
  // one moves all, so that ranks may wait in different orders; they end in this one, because all
  // ranks end a run together.
  static std::vector<MpiRun*>& under_way() {
    static std::vector<MpiRun*> runs;
    return runs;
  }
  static void turn_all() {
    for (std::size_t k = 0; k < under_way().size();) {
      MpiRun* const run = under_way()[k];
      run->turn();
      if (k < under_way().size() && under_way()[k] == run) ++k;
    }
  }
  bool may_end() const { return has_thread() || under_way().front() == this; }

  void require_thread() const {
    int is_main = 1;
    if (threads_allowed_ == MPI_THREAD_FUNNELED) MPI_Is_thread_main(&is_main);
    if (is_main == 0)
      throw input_error(
          "lambdapack: lp::mpi was used on another thread than the one that began MPI, which was "
          "begun with MPI_THREAD_FUNNELED; start runs and wait for them on that thread, or begin "
          "MPI with MPI_THREAD_MULTIPLE");
  }

  // All ranks call it.
  void require_same_saved() const {
    if (comm_.first_difference({site_->saved()}) == 0)
      throw input_error(text({"lambdapack: the ranks see different tiles that an earlier run of ",
                              job_.program->name,
                              " has saved; let all ranks see the same directory, and start again "
                              "when nobody writes to it"}));
  }

  void check(const mpi& options) const {
    if (options.workers < 0)
      throw input_error(text({"lambdapack: lp::mpi was given ", options.workers,
                              " workers; give it at least 1, or 0 to share the cores"}));
    if (options.buffer_bytes < 0)
      throw input_error(text({"lambdapack: lp::mpi was given ", options.buffer_bytes,
                              " bytes for received values; give it 0 or more"}));
    if (options.offer_bytes < 0)
      throw input_error(text({"lambdapack: lp::mpi was given ", options.offer_bytes,
                              " bytes for values on offer; give it 0 or more"}));
    if (threads_allowed_ < MPI_THREAD_FUNNELED)
      throw input_error(
          "lambdapack: lp::mpi has threads, but MPI was begun without; call MPI_Init_thread with "
          "MPI_THREAD_MULTIPLE or MPI_THREAD_FUNNELED, or leave it to lp::mpi");
    require_thread();
    const bool has_grid =
        options.grid && (options.grid->rows < 1 || options.grid->cols < 1 ||
                         std::int64_t{options.grid->rows} * options.grid->cols > comm_.size());
    if (has_grid)
      throw input_error(text({"lambdapack: lp::mpi was given a grid of ", options.grid->rows, " x ",
                              options.grid->cols, ", but there are ", comm_.size(),
                              " ranks; give it one that they can fill"}));
  }

  void make_threads(int workers) {
    for (int w = 0; w < workers; ++w)
      seats_.push_back(
          std::make_unique<distributed::Seat>(site_->state(), *placement_, record_events_));
    working_ = workers;
    if (has_thread())
      threads_.add([this] {
        while (!over_) turn();
      });
    for (int w = 0; w < workers; ++w) threads_.add([this, w] { work(w); });
  }

  void wait_for_end() {
    if (!has_thread())
      while (!over_) turn_all();
    outcome_.wait_for_end();
  }

  double now() const { return std::chrono::duration<double>(Clock::now() - begin_).count(); }

  // ---- the workers

  void work(int w) {
    distributed::Seat& seat = *seats_[static_cast<std::size_t>(w)];
    distributed::Seat::current() = &seat;
    try {
      while (!early_->stopped()) work_on(w, seat);
    } catch (...) {
      early_->fail(std::current_exception());
    }
    working_.fetch_sub(1, std::memory_order_release);
    site_->outbox().nudge();
  }

  void work_on(int w, distributed::Seat& seat) {
    constexpr int few = 8, many = 256;
    constexpr std::size_t enough = 4096;
    Node node;
    if (!site_->take(node, seat)) {
      if (site_->walk_tasks(many) || site_->ready().size() > 0) return;
      site_->outbox().nudge();
      site_->ready().wait();
      return;
    }
    limits_->check(job_.program->name, [this] { return progress(); });
    const double from = record_events_ ? now() : 0;
    const bool called = site_->run(node, seat);
    if (record_events_)
      seat.events.push_back(
          {node, w, from, now(), !called, seat.runner.operations(), site_->state().held.now()});
    seat.tasks.fetch_add(1, std::memory_order_relaxed);
    seat.handed_on += called ? 0 : 1;
    if (site_->ready().size() < enough) site_->walk_tasks(few);
  }

  // ---- the thread that sends and receives

  // One look at all that can have happened; rests if nothing has.
  void turn() {
    try {
      const bool moved = exchange_->step() > 0;
      if (vote() || moved)
        exchange_->no_rest();
      else
        exchange_->rest();
    } catch (...) {
      // MPI itself fails: the others cannot be told, so the launcher has to end them.
      std::fprintf(stderr, "lambdapack: rank %d ends the job, as it cannot go on: %s\n",
                   comm_.rank(), message(std::current_exception()).c_str());
      MPI_Abort(comm_, 1);
    }
  }

  // When nothing is left to do here, or the run has failed, this rank says so; when all have, it is
  // over.
  bool vote() {
    if (!voted_) {
      const bool failed = early_->stopped() && exchange_->has_told() &&
                          working_.load(std::memory_order_acquire) == 0;
      if (!failed && (early_->stopped() || !exchange_->is_done())) return false;
      voted_ = true;
      // An error of the last moment counts too: it is told to others yet, who then stop.
      mine_ = early_->close() ? comm_.rank() : comm_.size();
      exchange_->flush();
      mpi_check(MPI_Iallreduce(&mine_, &first_failed_, 1, MPI_INT, MPI_MIN, comm_, &vote_),
                "end a run");
      return true;
    }
    int counted = 0;
    mpi_check(MPI_Test(&vote_, &counted, MPI_STATUS_IGNORE), "end a run");
    if (!counted || !may_end()) return false;
    end();
    return true;
  }
  // ---- the end, on all ranks at once

  void end() {
    const bool failed = first_failed_ < comm_.size();
    // After a run that is good, only words that nobody waits for can be under way.
    exchange_->drain();
    early_->stop();
    while (working_.load(std::memory_order_acquire) > 0) std::this_thread::yield();
    std::exception_ptr error = failed ? failure() : nullptr;
    if (!error) error = caught([&] { site_->save_unwritten(); });
    error = arrays_.end(error);
    Report report;
    const std::exception_ptr last = caught([&] {
      report = this->report();
      if (!trace_file_.empty() && trace_writer() != nullptr)
        trace_writer()(report, own_trace_file());
      if (!error && on_traffic_) on_traffic_(traffic());
      if (!error) limits_->finish(progress());
    });
    if (!error) error = last;
    comm_.free();
    if (!has_thread()) std::erase(under_way(), this);
    over_ = true;
    outcome_.set(std::move(report), std::move(error));
  }

  // This rank's own error, or else that of the first rank that has failed.
  std::exception_ptr failure() {
    const std::exception_ptr mine = mine_ == comm_.rank() ? early_->error() : nullptr;
    const std::string bytes = comm_.broadcast(
        first_failed_ == comm_.rank() ? Fault::pack(mine) : std::string(), first_failed_);
    if (mine && mine_ == first_failed_) return mine;
    return Fault::unpack<run_error>(bytes, text({" (on rank ", first_failed_, ")"}));
  }

  MpiTraffic traffic() const {
    const MessageCounts& c = exchange_->counts();
    return {comm_.rank(),
            {site_->finished(), c.values_sent, c.bytes_sent, c.values_received, c.bytes_received},
            c.packets_sent,
            site_->received().most_bytes()};
  }

  // Each rank writes a trace of its own.
  std::string own_trace_file() const {
    std::filesystem::path path(trace_file_);
    if (comm_.size() > 1)
      path.replace_filename(path.stem().string() + "-rank" + std::to_string(comm_.rank()) +
                            path.extension().string());
    return path.string();
  }

  Report report() {
    Report report;
    report.program = job_.program;
    report.workers = static_cast<int>(seats_.size());
    report.seconds = now();
    report.formula_bytes = job_.graph.formula_bytes();
    report.graph = job_.graph;
    report.peak_bytes = site_->state().held.most();
    report.resumed = site_->state().left.is_part();
    for (const auto& seat : seats_) {
      report.tasks += seat->tasks;
      report.handed_on += seat->handed_on;
      report.events.insert(report.events.end(), seat->events.begin(), seat->events.end());
    }
    std::sort(report.events.begin(), report.events.end(),
              [](const Event& a, const Event& b) { return a.begin < b.begin; });
    return report;
  }

  const int threads_allowed_;
  Communicator comm_;
  const Job job_;
  const std::function<void(const MpiTraffic&)> on_traffic_;
  const std::string trace_file_;
  const bool record_events_;
  SharedArrays arrays_;
  Clock::time_point begin_;
  std::optional<Limits> limits_;
  std::optional<distributed::Placement> placement_;
  std::unique_ptr<distributed::Site> site_;
  std::vector<std::unique_ptr<distributed::Seat>> seats_;

  std::optional<EarlyEnd> early_;
  std::optional<Exchange> exchange_;

  std::atomic<bool> over_{false};
  std::atomic<int> working_{0};
  // Of the thread that sends and receives.
  bool voted_ = false;
  const ::pid_t process_ = ::getpid();
  int mine_ = 0, first_failed_ = 0;
  MPI_Request vote_ = MPI_REQUEST_NULL;

  Outcome outcome_;
  ParkedThreads threads_;  // goes first
};

}  // namespace exec::detail

LAMBDAPACK_API exec::Handle mpi::start(exec::Job job) const {
  return exec::Handle(std::make_unique<exec::detail::MpiRun>(std::move(job), *this));
}

LAMBDAPACK_API void mpi::refuse(std::exception_ptr error) const {
  int ended = 0;
  MPI_Finalized(&ended);
  if (ended || comm == MPI_COMM_NULL) std::rethrow_exception(error);
  exec::detail::MpiRun::end_earlier(exec::detail::mpi_threads_allowed());
  // As MpiRun begins.
  const exec::detail::Communicator own(comm);
  own.share_of_cores();
  exec::detail::together(own, [&] { std::rethrow_exception(error); });
  std::rethrow_exception(error);
}

}  // namespace lambdapack
