// The tasks of a rank that can run, for its workers.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "lambdapack/exec/threads/ready_nodes.hpp"

namespace lambdapack::exec::distributed {

/// Numbers of tasks by level, the most urgent first, of these the newest.
class ReadyTasks {
 public:
  void push(int level, std::int64_t number) {
    {
      const std::lock_guard lock(mutex_);
      nodes_.push(level, number);
      size_.store(size_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    }
    changed_.notify_one();
  }

  /// Takes a task; false if there is none. Whoever has one counts as `busy` until `done`.
  bool take(std::int64_t& number) {
    const std::lock_guard lock(mutex_);
    if (stopped_ || size() == 0) return false;
    number = nodes_.pop_newest();
    busy_.fetch_add(1, std::memory_order_relaxed);
    size_.store(size() - 1, std::memory_order_release);
    return true;
  }
  void done() { busy_.fetch_sub(1, std::memory_order_release); }

  /// Waits until there is a task or `stop` was called.
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return stopped_ || size() > 0; });
  }

  /// No task is taken any more.
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
  }

  std::size_t size() const { return size_.load(std::memory_order_acquire); }
  /// Whether nobody has a task, and there is none.
  bool idle() const { return size() == 0 && busy_.load(std::memory_order_acquire) == 0; }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  ReadyNodes nodes_;
  bool stopped_ = false;
  std::atomic<std::size_t> size_{0};
  std::atomic<int> busy_{0};
};

}  // namespace lambdapack::exec::distributed
