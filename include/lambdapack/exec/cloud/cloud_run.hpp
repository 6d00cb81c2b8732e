// The client's side of lp::cloud: brings a run into being, waits for it, fetches its results.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lambdapack/exec/cloud/evaluator.hpp"
#include "lambdapack/exec/cloud/executor.hpp"
#include "lambdapack/exec/cloud/options.hpp"
#include "lambdapack/exec/cloud/patient_ledger.hpp"
#include "lambdapack/exec/cloud/presence.hpp"
#include "lambdapack/exec/cloud/publish.hpp"
#include "lambdapack/exec/cloud/site.hpp"
#include "lambdapack/exec/cloud/steward.hpp"
#include "lambdapack/exec/cloud/stored_matrix.hpp"
#include "lambdapack/exec/cloud/temporary.hpp"
#include "lambdapack/exec/cloud/transports.hpp"
#include "lambdapack/exec/cloud/url.hpp"
#include "lambdapack/exec/cloud/work.hpp"
#include "lambdapack/exec/faults.hpp"
#include "lambdapack/exec/limits.hpp"
#include "lambdapack/exec/outcome.hpp"
#include "lambdapack/exec/trace_file.hpp"
#include "lambdapack/tile/detail/temporary_directory.hpp"

namespace lambdapack {

namespace exec::cloud {

/// About as many bytes as the tiles of a job's matrices take.
inline std::int64_t bytes_of_arrays(const Job& job) {
  std::int64_t bytes = 0;
  for (std::size_t a = 0; a < job.arrays.size(); ++a) {
    if (!job.arrays[a] || job.arrays[a]->extents().empty()) continue;
    std::int64_t tiles = 1;
    for (const std::int64_t extent : job.arrays[a]->extents()) tiles *= extent;
    const std::vector<std::int64_t> first(job.arrays[a]->extents().size(), 0);
    if (tiles > 0)
      bytes += tiles * static_cast<std::int64_t>(job.arrays[a]->blank(first).byte_size());
  }
  return bytes;
}

class CloudRun final : public Run {
 public:
  CloudRun(Job job, const lambdapack::cloud& options)
      : options_(options),
        job_(std::move(job)),
        trace_file_(exec::trace_file()),
        limits_(options.time_limit, options.on_progress, options.progress_every),
        keys_(options.run.empty() ? new_run_name() : options.run) {
    check();
    if (options_.store.empty()) temporary_.emplace(place_for_run(bytes_of_arrays(job_)));
    Place place{temporary_ ? temporary_->path() : options_.store, options_.queue};
    objects_ = std::make_shared<MeteredObjects>(open_store(place.store));
    if (place.queue.empty()) place.queue = queue_beside(place.store);
    claim_stored();
    begin_arrays(job_);
    try {
      describe();
      description_.ledger = place.queue;
      description_.lease = options_.lease;
      starter_ = open_starter(options_.starter, !temporary_);
      claim();
      ledger_ = std::make_unique<PatientLedger>(open_ledger(place.queue, keys_, true));
      // A ledger that cannot be had at all is told before anything is brought.
      require_new_ledger();
      const std::string name = random_name();
      Url url = worker_url(options_, place, keys_.run(), name);
      if (temporary_) url.set("owner", ::getpid());
      steward_.emplace(*ledger_, *starter_, provision_of(options_), name, url.text_form());
      steward_->names_tasks([this](std::int64_t task) { return site_->name_of(task); });
      begin_ = std::chrono::steady_clock::now();
      thread_ = std::thread([this] { work(); });
    } catch (...) {
      if (is_ours_) remove_run();
      end_arrays(job_, std::current_exception());
      throw;
    }
  }

  ~CloudRun() override {
    cancel();
    outcome_.wait_for_end();
    thread_.join();
  }

  Report wait() override { return outcome_.wait(); }
  bool wait_for(std::chrono::milliseconds time) override { return outcome_.wait_for(time); }
  Progress progress() const override { return {finished_, total_}; }
  bool is_here() const override { return process_ == ::getpid(); }

  void cancel() override {
    cancelled_ = true;
    const std::lock_guard lock(mutex_);
    changed_.notify_all();
  }

 private:
  using Clock = std::chrono::steady_clock;
  // One that has to be renewed more often is lost whenever a machine has something else to do.
  static constexpr std::chrono::milliseconds shortest_lease{100};

  void check() const {
    const auto refuse = [](const std::string& what) {
      throw input_error("lambdapack: lp::cloud was given " + what);
    };
    if (options_.workers < 0 || options_.least_workers < 0 || options_.cores < 1)
      refuse(text({options_.workers, " workers, at least ", options_.least_workers, ", with ",
                   options_.cores, " cores each; give it 0 or more, with at least 1 core"}));
    if (!(options_.scaling > 0)) refuse("a scaling factor that is not above 0; 1 is a good one");
    if (!(options_.stragglers >= 0 && options_.stragglers <= 1))
      refuse("a share of tasks that is not from 0 to 1 for stragglers; 0.95 is a good one");
    if (options_.lease < shortest_lease || options_.idle.count() < 0 ||
        options_.worker_time_limit.count() < 0)
      refuse(
          "a lease, idle time or worker_time_limit that is no time, or too short; a lease is at "
          "least 100 ms");
    if (options_.cache_bytes < 0)
      refuse(text({options_.cache_bytes, " bytes for tiles; give it 0 or more"}));
    for (std::size_t k = 0; k < job_.constants.size(); ++k)
      if (!job_.constants[k].bytes)
        refuse(text({"a program whose constant ", k, " (of type ",
                     std::string_view(job_.constants[k].type),
                     ", as the compiler calls it) cannot be copied to another process byte by "
                     "byte; pass it numbers, or structures of numbers"}));
    if (options_.starter.empty() || options_.starter == "processes") require_worker_main();
  }

  // Matrices that are in the run's store already.
  void claim_stored() const {
    for (std::size_t a = 0; a < job_.arrays.size(); ++a) {
      InObjects* const array = in_objects(job_, a);
      if (array == nullptr) continue;
      array->require_in(objects_->describe());
      if (job_.program->arrays[a].role == ir::ArrayRole::in) continue;
      if (!keeps())
        throw input_error(
            text({"lambdapack: ", job_.arrays[a]->describe(),
                  " is in the store of a run that keeps nothing there; let keep be true"}));
      array->leave_results();
    }
  }

  void describe() {
    for (std::size_t a = 0; a < job_.arrays.size(); ++a)
      description_.arrays.push_back(describe_array(job_, a));
    description_.program = *job_.program;
    description_.hash = ir::content_hash(*job_.program);
    for (const ir::Constant& c : job_.constants) description_.constants.push_back(*c.bytes);
    description_.forms = form::to_json(job_.graph.forms());
    description_.sizes = job_.graph.parameters();
    description_.total = job_.graph.size();
    total_ = description_.total;
    site_ = std::make_unique<Site>(job_.program, job_.kernels, job_.graph, description_.arrays,
                                   keys_, objects_, options_.cache_bytes);
  }

  void work() {
    std::exception_ptr error;
    Report report;
    try {
      if (total_ > 0) steward_->provide(std::min(total_, roots_at_most()));
      bring();
      has_begun_ = true;
      error = watch();
      if (!error) fetch();
    } catch (const unavailable&) {
      // Who has lost sight of a run knows nothing of it: one that others can find goes on.
      error = std::current_exception();
      if (!keeps()) fail(error);
    } catch (...) {
      error = std::current_exception();
      fail(error);
    }
    end(std::move(error), std::move(report));
  }

  void bring() {
    std::optional<Presence> presence;
    if (keeps()) {
      presence.emplace(*objects_, keys_);
      bring_unwritten_results(job_, *site_);
    }
    publish(job_, *site_, *ledger_, [&] {
      if (presence) presence->tell();
      return cancelled_.load();
    });
  }

  // From here on the name is this run's: of several clients that want it one gets it.
  void claim() {
    if (!objects_->put_if_absent(keys_.description(), to_json(description_)))
      throw input_error(
          text({"lambdapack: there is a run ", keys_.run(), " in ", objects_->describe(),
                " already; choose another name, or remove it with lprun gc --all"}));
    is_ours_ = true;
  }

  // Tells the workers, if they can be told.
  void fail(const std::exception_ptr& error) {
    try {
      // Workers that wait for the run are to see that it has failed.
      if (!has_begun_) ledger_->create(total_);
      ledger_->end(Phase::failed, exec::detail::Fault::pack(error));
    } catch (...) {
    }
  }

  // Enough for a start: how many tasks are ready is not yet known.
  std::int64_t roots_at_most() const {
    std::int64_t roots = 0;
    for (int line = 0; line < job_.graph.statements(); ++line) {
      Node node;
      for (NodeCursor c = job_.graph.roots(line);
           roots < most_workers(options_) * options_.cores && c.next(node);)
        ++roots;
    }
    return roots;
  }

  // Until the run has ended; what ended it early.
  std::exception_ptr watch() {
    std::chrono::milliseconds pause(1);
    for (;;) {
      const Status status = steward_->look();
      finished_ = status.finished;
      switch (status.phase) {
        case Phase::done:
          return nullptr;
        case Phase::failed:
          return exec::detail::Fault::unpack<run_error>(status.why, {});
        case Phase::cancelled:
          return stopped_by_limit_
                     ? stopped_by_limit_
                     : std::make_exception_ptr(run_error(
                           text({"lambdapack: the run of ", std::string_view(job_.program->name),
                                 " was cancelled before its end"})));
        case Phase::missing:
          return std::make_exception_ptr(run_error(
              text({"lambdapack: the run ", keys_.run(), " of ",
                    std::string_view(job_.program->name), " was removed before its end"})));
        default:
          break;
      }
      try {
        limits_.check(job_.program->name, [&] { return progress(); });
        if (cancelled_) ledger_->end(Phase::cancelled, {});
      } catch (...) {
        stopped_by_limit_ = std::current_exception();
        ledger_->end(Phase::cancelled, {});
      }
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, pause, [this] { return cancelled_ && !seen_cancel_; });
      seen_cancel_ = seen_cancel_ || cancelled_;
      pause = std::min(pause + std::chrono::milliseconds(1), std::chrono::milliseconds(20));
    }
  }

  // Puts the results into the job's arrays.
  void fetch() { fetch_results(job_, *site_, *ledger_); }

  void end(std::exception_ptr error, Report report) {
    try {
      error = end_arrays(job_, std::move(error));
      attempt([&] { starter_->end(); });
      attempt([&] { fill(report); });
      if (!error) {
        attempt([&] {
          const CloudBill bill = this->bill(report);
          if (keeps()) objects_->put(keys_.report(), to_json(bill, report.seconds));
          if (options_.on_bill) options_.on_bill(bill);
        });
        limits_.finish(progress());
        if (!trace_file_.empty() && trace_writer() != nullptr) trace_writer()(report, trace_file_);
      }
    } catch (...) {
      if (!error) error = std::current_exception();
    }
    clear(error);
    temporary_.reset();
    outcome_.set(std::move(report), std::move(error));
  }

  // What does not change the results may fail, which is told to who reads what this process prints.
  template <class F>
  void attempt(F&& f) const {
    try {
      f();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "lambdapack: at the end of the run %s: %s\n", keys_.run().c_str(),
                   error.what());
    } catch (...) {
    }
  }

  bool keeps() const { return options_.keep && !temporary_; }

  void fill(Report& report) {
    report.program = job_.program;
    report.graph = job_.graph;
    report.formula_bytes = job_.graph.formula_bytes();
    report.seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
    report.tasks = finished_;
    add_records(*site_, *ledger_, options_.record_events || !trace_file_.empty(), report,
                attempts_);
  }

  CloudBill bill(const Report& report) const {
    CloudBill bill = bill_of(keys_.run(), ledger_->workers(), objects_->meter(), options_.prices);
    bill.tasks = report.tasks;
    bill.attempts = attempts_;
    return bill;
  }

  // Leaves, of a run that is kept, what its user may want to see: all, if it has not ended well;
  // of one whose inputs were refused there is nothing to see.
  void clear(const std::exception_ptr& error) {
    const bool is_refused = error && !has_begun_ && !is_unavailable(error);
    if (error && !is_refused && keeps()) return;
    if (!error && keeps()) {
      attempt([&] { remove_all(*objects_, keys_.values()); });
      attempt([&] { remove_all(*objects_, keys_.inputs()); });
      return;
    }
    remove_run();
  }

  static bool is_unavailable(const std::exception_ptr& error) {
    try {
      std::rethrow_exception(error);
    } catch (const unavailable&) {
      return true;
    } catch (...) {
      return false;
    }
  }

  // Stores may share a queue, and names of runs be the same in two of them.
  void require_new_ledger() {
    if (ledger_->status().phase != Phase::missing)
      throw input_error(
          text({"lambdapack: the queue ", description_.ledger, " has a run of the name ",
                keys_.run(), " already; choose another name, or another queue"}));
    owns_ledger_ = true;
  }

  void remove_run() {
    if (owns_ledger_) attempt([&] { ledger_->remove(); });
    if (options_.queue.empty()) remove_ledgers_if_empty();
    attempt([&] {
      // The description last, for with it the name is free.
      remove_all(*objects_, keys_.all(), keys_.description());
      objects_->remove(keys_.description());
    });
  }

  // A directory that this run may have made, for the user has named none.
  void remove_ledgers_if_empty() const {
    const std::string directory = detail::path_of(description_.ledger);
    if (!directory.empty()) ::rmdir(directory.c_str());
  }

  const lambdapack::cloud options_;
  const Job job_;
  const std::string trace_file_;
  Limits limits_;
  const Keys keys_;
  const ::pid_t process_ = ::getpid();
  std::optional<tile::detail::TemporaryDirectory> temporary_;
  std::shared_ptr<MeteredObjects> objects_;
  Description description_;
  std::unique_ptr<Site> site_;
  std::unique_ptr<PatientLedger> ledger_;
  std::unique_ptr<Starter> starter_;
  std::optional<Steward> steward_;
  Clock::time_point begin_;
  std::atomic<std::int64_t> finished_{0};
  std::int64_t total_ = 0;
  std::int64_t attempts_ = 0;
  bool is_ours_ = false;  // the name of the run
  bool owns_ledger_ = false;
  bool has_begun_ = false;
  std::atomic<bool> cancelled_{false};
  bool seen_cancel_ = false;
  std::exception_ptr stopped_by_limit_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Outcome outcome_;
  std::thread thread_;
};

}  // namespace exec::cloud

LAMBDAPACK_API std::shared_ptr<exec::cloud::ObjectStore> exec::cloud::open_objects(
    const std::string& url) {
  return std::make_shared<MeteredObjects>(open_store(url));
}

LAMBDAPACK_API exec::Handle cloud::start(exec::Job job) const {
  return exec::Handle(std::make_unique<exec::cloud::CloudRun>(std::move(job), *this));
}

LAMBDAPACK_API cloud cloud::at(const std::string& url) {
  using std::chrono::milliseconds;
  const exec::cloud::Url parts(url);
  parts.expect_only({"store", "queue", "workers", "run", "cores", "least_workers", "scaling",
                     "lease", "stragglers", "idle", "worker_time_limit", "cache_bytes", "keep",
                     "starter", "time_limit"});
  cloud executor;
  constexpr std::int64_t most = 1 << 20;
  const auto small = [&](const char* name, int otherwise) {
    return static_cast<int>(std::min(parts.integer(name, otherwise), most));
  };
  executor.store = parts.get("store");
  executor.queue = parts.get("queue");
  executor.run = parts.get("run");
  executor.starter = parts.get("starter");
  const std::string workers = parts.get("workers");
  if (!workers.empty() && workers.find_first_not_of("0123456789") != std::string::npos)
    executor.starter = workers;
  else
    executor.workers = small("workers", 0);
  executor.cores = small("cores", executor.cores);
  executor.least_workers = small("least_workers", executor.least_workers);
  executor.scaling = parts.real("scaling", executor.scaling);
  if (!(executor.scaling > 0))
    throw input_error("lambdapack: scaling=0 in a cloud:// URL: expected a number above 0");
  executor.stragglers = parts.real("stragglers", executor.stragglers);
  executor.lease = milliseconds(parts.integer("lease", executor.lease.count(), 1));
  executor.idle = milliseconds(parts.integer("idle", executor.idle.count()));
  executor.worker_time_limit = milliseconds(parts.integer("worker_time_limit", 0));
  executor.time_limit = milliseconds(parts.integer("time_limit", 0));
  executor.cache_bytes = parts.integer("cache_bytes", executor.cache_bytes);
  executor.keep = parts.integer("keep", 1) != 0;
  return executor;
}

}  // namespace lambdapack
