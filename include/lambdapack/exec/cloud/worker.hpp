// A worker: several slots in one process, that take tasks of a run until there are none.
#pragma once

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "lambdapack/exec/cloud/ledger.hpp"
#include "lambdapack/exec/cloud/site.hpp"
#include "lambdapack/exec/cloud/slot.hpp"
#include "lambdapack/exec/cloud/stragglers.hpp"

namespace lambdapack::exec::cloud {

struct WorkerOptions {
  SlotOptions slot;
  /// Kernels at once.
  int cores = 1;
  /// Tasks at once: while some compute, others read and write.
  int tasks = 2;
  /// Ends when it has had nothing to do for so long.
  std::chrono::milliseconds idle{5000};
  /// Takes no more tasks after so long; 0 is no limit. A kernel that is called then still ends.
  std::chrono::milliseconds time_limit{0};
  /// The longest pause between two looks for a task.
  std::chrono::milliseconds patience{20};
  /// As for Stragglers.
  double stragglers = 0;
  /// Asked now and then; false ends the worker after the tasks that it has.
  std::function<bool()> goes_on = [] { return true; };
};

/// Works on one run. All that it is given must outlive it.
class Worker {
 public:
  Worker(Site& site, Ledger& ledger, WorkerOptions options)
      : site_(site), ledger_(ledger), options_(std::move(options)), share_(options_.cores) {}

  /// Until the run has ended, or one of the limits. Throws `unavailable` if the store or the ledger
  /// has been out of reach for too long.
  void run() {
    wait_for_run();
    note(false);
    std::jthread keeper([this] { keep(); });
    {
      std::vector<std::jthread> threads;
      try {
        for (int k = 0; k < options_.tasks; ++k) threads.emplace_back([this] { work(); });
      } catch (...) {
        fail(std::current_exception());
      }
    }
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    end_.notify_all();
    keeper.join();
    if (error_) std::rethrow_exception(error_);
    note(true);
  }

 private:
  using Clock = std::chrono::steady_clock;

  // The client starts workers while it still brings the inputs.
  void wait_for_run() {
    while (ledger_.status().phase == Phase::missing) {
      if (Clock::now() - begin_ > std::max(options_.idle, std::chrono::milliseconds(60000)) ||
          !options_.goes_on()) {
        share_.stopping = true;
        return;
      }
      std::this_thread::sleep_for(options_.patience);
    }
  }

  void work() {
    try {
      Slot slot(site_, ledger_, share_, options_.slot);
      std::chrono::microseconds pause(500);
      for (;;) {
        if (is_late()) share_.stopping = true;
        const Slot::Did did = slot.step();
        if (did == Slot::Did::over) break;
        if (did == Slot::Did::something) {
          pause = std::chrono::microseconds(500);
          busy_at_ = Clock::now().time_since_epoch().count();
          continue;
        }
        if (!share_.leases.empty())
          busy_at_ = Clock::now().time_since_epoch().count();
        else if (Clock::now() - Clock::time_point(Clock::duration(busy_at_.load())) > options_.idle)
          break;
        std::this_thread::sleep_for(pause);
        pause = std::min<std::chrono::microseconds>(pause * 2, options_.patience);
      }
    } catch (...) {
      fail(std::current_exception());
    }
  }

  // Ends the worker with its first error.
  void fail(std::exception_ptr error) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::move(error);
    share_.stopping = true;
  }

  bool is_late() const {
    return options_.time_limit.count() > 0 && Clock::now() - begin_ > options_.time_limit;
  }

  // Renews leases, but for those of stragglers, and says that this worker is alive, until it is
  // not.
  void keep() {
    Stragglers stragglers(site_, ledger_, options_.stragglers, options_.slot.lease);
    const auto every = std::max(options_.slot.lease / 4, std::chrono::milliseconds(20));
    std::unique_lock lock(mutex_);
    while (!end_.wait_for(lock, every, [this] { return ended_; })) {
      lock.unlock();
      try {
        if (!options_.goes_on()) share_.stopping = true;
        std::vector<Lease> leases;
        bool is_slow = false;
        for (HeldLease& held : share_.leases.all())
          if (stragglers.have(held))
            is_slow = true;
          else
            leases.push_back(std::move(held.lease));
        share_.is_slow = is_slow;
        if (!leases.empty()) ledger_.renew(leases, options_.slot.lease);
        note(false);
      } catch (const unavailable&) {
        // The slots will see it too, if it lasts.
      } catch (...) {
        fail(std::current_exception());
      }
      lock.lock();
    }
  }

  void note(bool ended) {
    WorkerRecord record;
    record.worker = options_.slot.worker;
    record.begin = began_;
    record.cores = options_.cores;
    struct ::rusage usage = {};
    ::getrusage(RUSAGE_SELF, &usage);
    record.memory = usage.ru_maxrss * 1024;
    record.tasks = share_.tasks;
    const Meter& meter = site_.objects().meter();
    record.bytes_read = meter.bytes_read;
    record.bytes_written = meter.bytes_written;
    record.gets = meter.gets;
    record.puts = meter.puts;
    record.ended = ended;
    ledger_.note(record);
  }

  Site& site_;
  Ledger& ledger_;
  const WorkerOptions options_;
  SlotShare share_;
  const Clock::time_point begin_ = Clock::now();
  const std::int64_t began_ = ledger_.now();
  std::atomic<Clock::rep> busy_at_{begin_.time_since_epoch().count()};
  std::mutex mutex_;
  std::condition_variable end_;
  bool ended_ = false;
  std::exception_ptr error_;
};

}  // namespace lambdapack::exec::cloud
