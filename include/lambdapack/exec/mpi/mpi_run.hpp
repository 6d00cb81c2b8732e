// The body of lp::mpi: workers that run the tasks of this rank, and one thread that sends and
// receives.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "lambdapack/exec/limits.hpp"
#include "lambdapack/exec/mpi/calls.hpp"
#include "lambdapack/exec/mpi/delays.hpp"
#include "lambdapack/exec/faults.hpp"
#include "lambdapack/exec/mpi/messenger.hpp"
#include "lambdapack/exec/mpi/mpi.hpp"
#include "lambdapack/exec/mpi/site.hpp"
#include "lambdapack/exec/mpi/together.hpp"
#include "lambdapack/exec/outcome.hpp"
#include "lambdapack/exec/trace_file.hpp"

namespace lambdapack {

namespace exec::detail {

/// Values that other ranks have announced, the most urgent first.
class Announcements {
 public:
  /// `level` is -1 if no task here reads the value; else `first` is the first that does.
  void add(const Announced& announced, int level, const Node& first) {
    waiting_.emplace(-level, Waiting{announced, level >= 0, first});
  }

  bool empty() const { return waiting_.empty(); }
  const Announced& most_urgent() const { return waiting_.begin()->second.announced; }
  Announced take_most_urgent() { return take(waiting_.begin()); }

  /// The value that the first task in the program's order waits for. Of all unfinished tasks of all
  /// ranks the first can always go on, so that who takes this one never waits in a circle.
  Announced take_first(const TaskGraph& graph) {
    auto best = waiting_.begin();
    for (auto w = waiting_.begin(); w != waiting_.end(); ++w)
      if (w->second.is_read &&
          (!best->second.is_read || graph.before(w->second.first, best->second.first)))
        best = w;
    return take(best);
  }

  std::vector<Announced> take_all() {
    std::vector<Announced> all;
    while (!empty()) all.push_back(take_most_urgent());
    return all;
  }

 private:
  struct Waiting {
    Announced announced;
    bool is_read;
    Node first;
  };
  using Map = std::multimap<int, Waiting>;

  Announced take(Map::iterator at) {
    Announced announced = at->second.announced;
    waiting_.erase(at);
    return announced;
  }

  Map waiting_;
};

class MpiRun final : public Run {
 public:
  /// All ranks construct it together. Throws what any of them cannot begin with.
  MpiRun(Job job, const mpi& options)
      : threads_allowed_(mpi_threads_allowed()),
        comm_(options.comm),
        job_(std::move(job)),
        on_traffic_(options.on_traffic),
        buffer_bytes_(options.buffer_bytes),
        trace_file_(trace_file()),
        record_events_(options.record_events || !trace_file_.empty()),
        delays_(comm_.rank()),
        messenger_(comm_),
        arrays_(job_, comm_) {
    const int shared = share_of_cores();
    const int workers = options.workers != 0 ? options.workers : shared;
    together([&] {
      check(options);
      limits_.emplace(options.time_limit, options.on_progress, options.progress_every);
      const ProcessGrid grid = options.grid.value_or(ProcessGrid::of(comm_.size()));
      placement_.emplace(*job_.program, job_.graph, places_of(job_, grid, options.distributions),
                         comm_.size(), options.placement);
      site_ = std::make_unique<distributed::Site>(job_, *placement_, comm_.rank(), workers);
    });
    arrays_.begin();
    if (const auto error = agree<input_error>(comm_, caught([&] { site_->find_left(); }))) {
      arrays_.end(error);
      std::rethrow_exception(error);
    }
    begin_ = std::chrono::steady_clock::now();
    start_threads(workers);
  }

  ~MpiRun() override {
    cancel();
    wait_for_end();
    for (std::thread& t : threads_) t.join();
  }

  Report wait() override {
    wait_for_end();
    return outcome_.wait();
  }

  bool wait_for(std::chrono::milliseconds time) override {
    if (has_thread()) return outcome_.wait_for(time);
    const auto begin = std::chrono::steady_clock::now();
    while (!over_ && std::chrono::steady_clock::now() - begin < time) turn();
    return over_;
  }

  Progress progress() const override {
    return {site_->finished(), site_->tasks_found() ? site_->found() : -1};
  }

  void cancel() override {
    if (over_) return;
    fail(std::make_exception_ptr(run_error(
        text({"lambdapack: the run of ", job_.program->name, " was cancelled before its end"}))));
  }

 private:
  using Clock = std::chrono::steady_clock;

  // With less than MPI_THREAD_SERIALIZED only the user's thread may send and receive.
  bool has_thread() const { return threads_allowed_ >= MPI_THREAD_SERIALIZED; }

  // All ranks call it.
  int share_of_cores() const {
    const int here = comm_.neighbours();
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()) / here);
  }

  // f on all ranks; if it throws on one, all throw.
  template <class F>
  void together(F&& f) {
    if (const std::exception_ptr error = agree<input_error>(comm_, caught(f)))
      std::rethrow_exception(error);
  }

  void check(const mpi& options) const {
    if (options.workers < 0)
      throw input_error(text({"lambdapack: lp::mpi was given ", options.workers,
                              " workers; give it at least 1, or 0 to share the cores"}));
    if (options.buffer_bytes < 0)
      throw input_error(text({"lambdapack: lp::mpi was given ", options.buffer_bytes,
                              " bytes for received values; give it 0 or more"}));
    if (threads_allowed_ < MPI_THREAD_FUNNELED)
      throw input_error(
          "lambdapack: lp::mpi has threads, but MPI was begun without; call MPI_Init_thread with "
          "MPI_THREAD_MULTIPLE or MPI_THREAD_FUNNELED, or leave it to lp::mpi");
    const bool has_grid = options.grid && (options.grid->rows < 1 || options.grid->cols < 1 ||
                                           options.grid->size() > comm_.size());
    if (has_grid)
      throw input_error(text({"lambdapack: lp::mpi was given a grid of ", options.grid->rows, " x ",
                              options.grid->cols, ", but there are ", comm_.size(),
                              " ranks; give it one that they can fill"}));
  }

  void start_threads(int workers) {
    for (int w = 0; w < workers; ++w)
      seats_.push_back(
          std::make_unique<distributed::Seat>(site_->state(), *placement_, record_events_));
    working_ = workers;
    for (int w = 0; w < workers; ++w) threads_.emplace_back([this, w] { work(w); });
    if (has_thread())
      threads_.emplace_back([this] {
        while (!over_) turn();
      });
  }

  void wait_for_end() {
    if (!has_thread())
      while (!over_) turn();
    outcome_.wait_for_end();
  }

  double now() const { return std::chrono::duration<double>(Clock::now() - begin_).count(); }

  // ---- the workers

  void work(int w) {
    distributed::Seat& seat = *seats_[static_cast<std::size_t>(w)];
    distributed::Seat::current() = &seat;
    try {
      while (!stopped_) work_on(w, seat);
    } catch (...) {
      fail(std::current_exception());
    }
    working_.fetch_sub(1, std::memory_order_release);
    site_->outbox().nudge();
  }

  void work_on(int w, distributed::Seat& seat) {
    constexpr int few = 8, many = 256;
    constexpr std::size_t enough = 4096;
    Node node;
    if (!site_->take(node)) {
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

  void fail(std::exception_ptr error) {
    {
      const std::lock_guard lock(error_mutex_);
      if (!error_ && !voted_) error_ = std::move(error);
    }
    stop();
  }

  void stop() {
    stopped_ = true;
    site_->ready().stop();
    site_->outbox().nudge();
  }

  std::exception_ptr error() const {
    const std::lock_guard lock(error_mutex_);
    return error_;
  }

  // ---- the thread that sends and receives

  // One look at all that can have happened; rests if nothing has.
  void turn() {
    try {
      if (step())
        rests_ = 0;
      else
        rest();
    } catch (...) {
      // MPI itself fails: the others cannot be told, so the launcher has to end them.
      std::fprintf(stderr, "%s\n", message(std::current_exception()).c_str());
      MPI_Abort(comm_, 1);
    }
  }

  bool step() {
    int done = 0;
    if (!stopped_) done += guarded([&] { return send_letters(); });
    tell_failure();
    done += messenger_.flush();
    done += receive_packets();
    done += finish_fetches();
    if (++turns_ % 8 == 0 || site_->ready().idle()) done += messenger_.poll_sends();
    if (!stopped_) done += guarded([&] { return fetch(); });
    if (!stopped_) done += guarded([&] { return walk(); });
    return vote() || done > 0;
  }

  // What goes wrong with a value ends the run, as an error of a kernel does.
  template <class F>
  int guarded(F&& f) {
    try {
      return f();
    } catch (...) {
      fail(std::current_exception());
    }
    return 1;
  }

  int send_letters() {
    if (delays_.put_off()) return 0;
    const std::vector<distributed::Letter> letters = site_->outbox().take();
    send(letters);
    return static_cast<int>(letters.size());
  }

  void send(const std::vector<distributed::Letter>& letters) {
    for (const distributed::Letter& letter : letters) {
      const auto bytes = std::make_shared<const distributed::Outgoing>(letter.tile);
      for (const int to : letter.to) messenger_.send(letter.value, bytes, to);
    }
  }

  void tell_failure() {
    if (!stopped_ || told_) return;
    if (const std::exception_ptr mine = error(); mine && !heard_)
      messenger_.send_failure(message(mine));
    told_ = true;
  }

  int receive_packets() {
    constexpr int most = 64;
    int received = 0;
    while (received < most && !delays_.put_off() &&
           messenger_.receive_packet(
               [&](const distributed::Announcement& a, int from) { announced(a, from); },
               [&](const std::string&) {
                 heard_ = true;
                 stop();
               }))
      ++received;
    return received;
  }

  void announced(const distributed::Announcement& a, int from) {
    if (a.tag != 0) {
      Node first;
      int level = -1;
      if (!stopped_) guarded([&] { return level = site_->urgency(a.value, first); });
      announcements_.add({a.value, a.shape, from, a.tag}, level, first);
      return;
    }
    if (stopped_) return;
    guarded([&] {
      distributed::Landing landing(site_->type_of(a.value), a.shape);
      std::copy(a.inside.begin(), a.inside.end(), landing.data());
      deliver(a.value, landing.take());
      return 1;
    });
  }

  void deliver(const Value& value, tile::Tile tile) {
    messenger_.count_received(static_cast<std::int64_t>(tile.byte_size()));
    site_->deliver(value, std::move(tile));
  }

  int finish_fetches() {
    if (messenger_.fetches() == 0 || delays_.put_off()) return 0;
    return messenger_.poll_fetches([&](const Announced& a, tile::Tile tile) {
      fetching_bytes_ -= a.shape.bytes;
      if (stopped_) return;
      guarded([&] {
        deliver(a.value, std::move(tile));
        return 1;
      });
    });
  }

  // Fetches while there is room, and where this rank would stand still, what comes first.
  int fetch() {
    constexpr std::size_t most = 64;
    if (announcements_.empty() || delays_.put_off()) return 0;
    int begun = 0;
    while (!announcements_.empty() && messenger_.fetches() < most &&
           site_->received().bytes() + fetching_bytes_ + announcements_.most_urgent().shape.bytes <=
               buffer_bytes_) {
      fetch(announcements_.take_most_urgent());
      ++begun;
    }
    if (!announcements_.empty() && stands_still() && ++begun > 0)
      fetch(announcements_.take_first(job_.graph));
    return begun;
  }

  // Whether this rank has had nothing to run and nothing on its way for a while.
  bool stands_still() {
    constexpr std::chrono::microseconds patience(500);
    const Clock::time_point now = Clock::now();
    if (messenger_.fetches() > 0 || !site_->ready().idle()) busy_at_ = now;
    return now - busy_at_ > patience;
  }

  void fetch(const Announced& announced) {
    fetching_bytes_ += announced.shape.bytes;
    messenger_.fetch(announced,
                     distributed::Landing(site_->type_of(announced.value), announced.shape));
  }

  int walk() {
    constexpr int some = 64;
    constexpr std::size_t most_offered = 1024;
    if (!initial_over_ && messenger_.sends() < most_offered)
      initial_over_ = !site_->walk_initial_tiles(some);
    else if (!finals_over_)
      finals_over_ = !site_->walk_final_tiles(some);
    else
      return 0;
    return 1;
  }

  bool is_done() {
    if (!initial_over_ || !finals_over_ || !site_->is_done()) return false;
    const std::vector<distributed::Letter> letters = site_->outbox().take();
    send(letters);
    return letters.empty() && messenger_.is_quiet() && announcements_.empty();
  }

  // When nothing is left to do here, or the run has failed, this rank says so; when all have, it is
  // over.
  bool vote() {
    if (!voted_) {
      const bool failed = stopped_ && told_ && working_.load(std::memory_order_acquire) == 0;
      if (!failed && (stopped_ || !is_done())) return false;
      {
        const std::lock_guard lock(error_mutex_);
        voted_ = true;
        mine_ = failed && error_ ? comm_.rank() : comm_.size();
      }
      messenger_.flush();
      mpi_check(MPI_Iallreduce(&mine_, &first_failed_, 1, MPI_INT, MPI_MIN, comm_, &vote_),
                "end a run");
      return true;
    }
    int counted = 0;
    mpi_check(MPI_Test(&vote_, &counted, MPI_STATUS_IGNORE), "end a run");
    if (counted) end();
    return counted != 0;
  }

  // Rests the longer, the longer nothing has happened. While the workers have nothing to run, a
  // tile on its way here is waited for; else they need the core more.
  void rest() {
    ++rests_;
    const bool idle = site_->ready().idle();
    if (idle && messenger_.fetches() > 0 && rests_ < 1000)
      std::this_thread::yield();
    else
      site_->outbox().wait_for(
          std::chrono::microseconds(idle ? std::min(20 + 2 * rests_, 200) : 1000));
  }

  // ---- the end, on all ranks at once

  void end() {
    const bool failed = first_failed_ < comm_.size();
    if (failed) messenger_.drain(announcements_.take_all());
    stop();
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
    over_ = true;
    outcome_.set(std::move(report), std::move(error));
  }

  // This rank's own error, or else that of the first rank that has failed.
  std::exception_ptr failure() {
    const std::exception_ptr mine = mine_ == comm_.rank() ? error() : nullptr;
    const std::string bytes = comm_.broadcast(
        first_failed_ == comm_.rank() ? Fault::pack(mine) : std::string(), first_failed_);
    if (mine && mine_ == first_failed_) return mine;
    return Fault::unpack<run_error>(bytes, text({" (on rank ", first_failed_, ")"}));
  }

  MpiTraffic traffic() const {
    const MessageCounts& c = messenger_.counts();
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
  const std::int64_t buffer_bytes_;
  const std::string trace_file_;
  const bool record_events_;
  Delays delays_;
  Messenger messenger_;
  SharedArrays arrays_;
  Clock::time_point begin_;
  std::optional<Limits> limits_;
  std::optional<distributed::Placement> placement_;
  std::unique_ptr<distributed::Site> site_;
  std::vector<std::unique_ptr<distributed::Seat>> seats_;

  std::atomic<bool> stopped_{false};
  std::atomic<bool> over_{false};
  std::atomic<int> working_{0};
  mutable std::mutex error_mutex_;
  std::exception_ptr error_;
  bool voted_ = false;  // written under the mutex

  // Of the thread that sends and receives.
  Announcements announcements_;
  std::int64_t fetching_bytes_ = 0;
  Clock::time_point busy_at_;  // when this rank was last seen to have something to do
  bool initial_over_ = false, finals_over_ = false;
  bool told_ = false, heard_ = false;
  int rests_ = 0;
  unsigned turns_ = 0;
  int mine_ = 0, first_failed_ = 0;
  MPI_Request vote_ = MPI_REQUEST_NULL;

  Outcome outcome_;
  std::vector<std::thread> threads_;
};

}  // namespace exec::detail

LAMBDAPACK_API exec::Handle mpi::start(exec::Job job) const {
  return exec::Handle(std::make_unique<exec::detail::MpiRun>(std::move(job), *this));
}

}  // namespace lambdapack
