// Worker threads, and the runs that they take part in.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/exec/threads/pin.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::exec {

class Crew;

/// What the threads of a crew take part in. Each thread that does has a place of its own, of which
/// there are only so many.
class Work {
 public:
  explicit Work(int places) : places_(places) {
    for (int p = places; p-- > 0;) free_.push_back(p);
  }
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  int places() const { return places_; }

 protected:
  ~Work() = default;

 private:
  friend class Crew;

  /// Whether there is something to do that nobody has begun.
  virtual bool has_tasks() const = 0;
  /// Whether there is nothing to do any more, nor will be when those who take part are done.
  virtual bool is_over() const = 0;
  /// Does what there is to do, until nothing is left to begin or others should have a turn.
  virtual void take_part(int place) = 0;
  /// Called once, when it is over and nobody takes part any more. The crew forgets the work before.
  virtual void end() = 0;

  const int places_;
  // Guarded by the crew's mutex.
  std::vector<int> free_;
  bool closed_ = false;
  std::chrono::steady_clock::time_point left_at_{};  // the last time that somebody left it
};

/// Threads that take part in works by turns, and sleep where none has anything to do. There are as
/// many as the works that are under way can use, up to one for each core, and as many as a single
/// work has places, up to the crew's limit.
class Crew {
 public:
  /// At most `limit` threads; 0 is no limit. Threads that are `pinned` stay each on its core.
  explicit Crew(int limit = 0, bool pinned = false) : limit_(limit), pinned_(pinned) {}

  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  /// Only after the last work has ended.
  ~Crew() {
    // A process that was forked has a copy of this, and none of its threads; a condition that some
    // were waiting for when they went cannot be destroyed.
    if (!is_here()) {
      for (std::thread& t : threads_) t.detach();
      static_cast<void>(awake_.release());
      return;
    }
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    awake_->notify_all();
    for (std::thread& t : threads_) t.join();
  }

  /// The most threads; 0 is no limit.
  int limit() const { return limit_; }

  /// Whether the threads are this process's, and not those of one that it was forked from.
  bool is_here() const { return process_ == ::getpid(); }

  /// Begins a work, which must stay where it is until its `end` is called. Throws run_error if
  /// there is no thread to do it.
  void add(Work& work) {
    if (!is_here())
      throw run_error(
          "lambdapack: this process was forked after its pool of threads had been made, and has "
          "none of them; make an lp::Pool of its own, or run a program of its own (exec)");
    const std::lock_guard lock(mutex_);
    works_.push_back(&work);
    try {
      hire();
    } catch (const std::exception& e) {
      // Fewer threads do the same work; none at all cannot.
      if (threads_.empty()) {
        works_.pop_back();
        throw run_error(text({"lambdapack: no thread could be started: ", e.what(),
                              "; raise the limit of threads (ulimit -u), end other processes, or "
                              "run by lp::sequential"}));
      }
    }
    work.left_at_ = std::chrono::steady_clock::now();
    crowded_.store(works_.size() > 1, std::memory_order_relaxed);
    awake_->notify_all();
  }

  /// Something has turned up in a work by one who takes part in it: wakes up to `n` threads that
  /// sleep.
  void wake(const Work& work, std::size_t n) {
    if (work.places_ == 1) return;
    std::atomic_thread_fence(std::memory_order_seq_cst);
    const int sleepers = sleepers_.load(std::memory_order_relaxed);
    if (sleepers == 0) return;
    const std::lock_guard lock(mutex_);
    for (n = std::min({n, work.free_.size(), static_cast<std::size_t>(sleepers)}); n > 0; --n)
      awake_->notify_one();
  }

  /// The work has been told to stop: ends it, unless somebody takes part, who will.
  void settle(Work& work) {
    std::unique_lock lock(mutex_);
    if (!work.closed_) close_if_over(work, lock);
  }

  /// Whether works wait for each other's turns.
  bool crowded() const { return crowded_.load(std::memory_order_relaxed); }

  /// Takes part in one work; whether there was something to do, and a place.
  bool help(Work& work) {
    std::unique_lock lock(mutex_);
    if (!open(work)) return false;
    take_part(work, lock);
    return true;
  }

  /// Takes part in a work that has tasks and in which nobody has taken part for so long: the crew's
  /// threads may all be waiting, outside of it, for this very work. Whether it is such a work.
  bool help_forsaken(Work& work, std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    if (!lacks_help(work, patience)) return false;
    take_part(work, lock);
    return true;
  }

  /// Whether `help_forsaken` would take part.
  bool is_forsaken(const Work& work, std::chrono::milliseconds patience) {
    const std::lock_guard lock(mutex_);
    return lacks_help(work, patience);
  }

  /// Whether this thread belongs to a crew. Who then waits for a work must help with it: the others
  /// may all be waiting too.
  static bool is_member() { return member(); }

 private:
  static bool& member() {
    static thread_local bool is = false;
    return is;
  }

  static bool lacks_help(const Work& work, std::chrono::milliseconds patience) {
    const bool is_alone = work.free_.size() == static_cast<std::size_t>(work.places_);
    return is_alone && open(work) && std::chrono::steady_clock::now() - work.left_at_ >= patience;
  }

  static bool open(const Work& work) {
    return !work.closed_ && !work.free_.empty() && work.has_tasks();
  }

  // Starts the threads that are missing.
  void hire() {
    int most = 0, all = 0;
    for (const Work* work : works_) {
      most = std::max(most, work->places_);
      all += work->places_;
    }
    const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    int wanted = std::max(most, std::min(all, cores));
    if (limit_ > 0) wanted = std::min(wanted, limit_);
    while (static_cast<int>(threads_.size()) < wanted) {
      const std::size_t number = threads_.size();
      threads_.emplace_back([this, number] {
        if (pinned_) pin_to_core(number);
        member() = true;
        serve();
      });
    }
  }

  void serve() {
    std::unique_lock lock(mutex_);
    while (true) {
      if (Work* work = next()) {
        take_part(*work, lock);
        lock.lock();
      } else if (closing_) {
        return;
      } else if (!look_around(lock)) {
        sleep(lock);
      }
    }
  }

  // The next work in turn that is open.
  Work* next() {
    for (std::size_t k = 0; k < works_.size(); ++k) {
      turn_ = (turn_ + 1) % works_.size();
      if (open(*works_[turn_])) return works_[turn_];
    }
    return nullptr;
  }

  // Leaves the mutex unlocked.
  void take_part(Work& work, std::unique_lock<std::mutex>& lock) {
    const int place = work.free_.back();
    work.free_.pop_back();
    lock.unlock();
    work.take_part(place);
    lock.lock();
    work.free_.push_back(place);
    work.left_at_ = std::chrono::steady_clock::now();
    // Who was woken for what is left may have found no place, and this one may not come back.
    if (sleepers_.load(std::memory_order_relaxed) > 0 && open(work)) awake_->notify_one();
    close_if_over(work, lock);
  }

  // Leaves the mutex unlocked. Whoever leaves a work last sees all that the others did, and so
  // sees that it is over.
  void close_if_over(Work& work, std::unique_lock<std::mutex>& lock) {
    if (!work.closed_ && work.is_over()) work.closed_ = true;
    const bool ends = work.closed_ && work.free_.size() == static_cast<std::size_t>(work.places_);
    if (ends) {
      std::erase(works_, &work);
      crowded_.store(works_.size() > 1, std::memory_order_relaxed);
    }
    lock.unlock();
    if (ends) work.end();
  }

  // Waits a little for something to turn up; whether it has. A thread that sleeps is often woken on
  // the core of the one that wakes it, and waits there for milliseconds while another core is idle.
  bool look_around(std::unique_lock<std::mutex>& lock) {
    constexpr std::chrono::microseconds patience(200);
    const auto begin = std::chrono::steady_clock::now();
    do {
      lock.unlock();
      std::this_thread::yield();
      lock.lock();
      if (something_to_do()) return true;
    } while (std::chrono::steady_clock::now() - begin < patience);
    return false;
  }

  // A sleeper counts itself before it looks a last time, who has made a task ready looks for
  // sleepers after that: one of the two sees the other.
  void sleep(std::unique_lock<std::mutex>& lock) {
    sleepers_.fetch_add(1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (!something_to_do()) awake_->wait(lock);
    sleepers_.fetch_sub(1, std::memory_order_relaxed);
  }

  bool something_to_do() const {
    return closing_ ||
           std::any_of(works_.begin(), works_.end(), [](const Work* w) { return open(*w); });
  }

  const int limit_;
  const bool pinned_;
  const ::pid_t process_ = ::getpid();
  std::mutex mutex_;
  std::unique_ptr<std::condition_variable> awake_ = std::make_unique<std::condition_variable>();
  std::vector<Work*> works_;  // under way
  std::size_t turn_ = 0;
  bool closing_ = false;
  std::vector<std::thread> threads_;
  alignas(64) std::atomic<int> sleepers_{0};
  std::atomic<bool> crowded_{false};
};

}  // namespace lambdapack::exec
