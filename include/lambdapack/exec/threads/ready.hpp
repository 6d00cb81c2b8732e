// Ready tasks: a deque per worker, and the roots that nobody has begun yet.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "lambdapack/graph/task_graph.hpp"

namespace lambdapack::exec {

/// Hands out the roots of a graph one at a time, so that they are never all in memory.
class RootSource {
 public:
  explicit RootSource(const TaskGraph& graph) : graph_(graph) {}

  /// The next root; false when there is none left.
  bool next(Node& node) {
    if (empty_.load(std::memory_order_acquire)) return false;
    const std::lock_guard lock(mutex_);
    while (true) {
      if (cursor_ && cursor_->next(node)) return true;
      if (line_ == graph_.statements()) {
        empty_.store(true, std::memory_order_release);
        return false;
      }
      cursor_ = graph_.roots(line_++);
    }
  }

  bool empty() const { return empty_.load(std::memory_order_acquire); }

 private:
  const TaskGraph& graph_;
  std::mutex mutex_;
  std::atomic<bool> empty_{false};
  int line_ = 0;
  std::optional<NodeCursor> cursor_;
};

/// A worker takes its newest own task, else another worker's oldest, else a root, else it sleeps.
class ReadyQueues {
 public:
  ReadyQueues(const TaskGraph& graph, int workers)
      : roots_(graph), queues_(static_cast<std::size_t>(workers)) {}

  void push(int worker, const Node& node) {
    // Counted before it can be taken, so that the count never misses a task that exists.
    unfinished_.fetch_add(1, std::memory_order_relaxed);
    {
      Queue& q = queues_[static_cast<std::size_t>(worker)];
      const std::lock_guard lock(q.mutex);
      q.nodes.push_back(node);
    }
    wake_one();
  }

  /// The next task for a worker. False when the run is over: every task finished, or `stop` was
  /// called.
  bool pop(int worker, Node& node) {
    while (!stopped_.load(std::memory_order_acquire)) {
      if (take(worker, node)) return true;
      if (over()) break;
      if (!look_around()) sleep();
    }
    return false;
  }

  /// A task that was counted has finished, and its successors were pushed.
  void finished() {
    if (unfinished_.fetch_sub(1, std::memory_order_acq_rel) == 1 && roots_.empty()) wake_all();
  }

  void stop() {
    stopped_.store(true, std::memory_order_release);
    wake_all();
  }

 private:
  struct alignas(64) Queue {
    std::mutex mutex;
    std::deque<Node> nodes;
  };

  bool take(int worker, Node& node) {
    const std::size_t n = queues_.size();
    for (std::size_t k = 0; k < n; ++k) {
      Queue& q = queues_[(static_cast<std::size_t>(worker) + k) % n];
      const std::lock_guard lock(q.mutex);
      if (q.nodes.empty()) continue;
      if (k == 0) {
        node = q.nodes.back();
        q.nodes.pop_back();
      } else {
        node = q.nodes.front();
        q.nodes.pop_front();
      }
      return true;
    }
    if (roots_.empty()) return false;
    // A root counts as unfinished before the source can say that it is empty.
    unfinished_.fetch_add(1, std::memory_order_acq_rel);
    if (roots_.next(node)) {
      wake_one();
      return true;
    }
    finished();
    return false;
  }

  bool over() const { return roots_.empty() && unfinished_.load(std::memory_order_acquire) == 0; }

  bool something_to_do() {
    if (stopped_.load(std::memory_order_acquire) || !roots_.empty() || over()) return true;
    for (Queue& q : queues_) {
      const std::lock_guard lock(q.mutex);
      if (!q.nodes.empty()) return true;
    }
    return false;
  }

  // Waits a little for work to turn up; whether it has. A thread that sleeps is often woken on the
  // core of the one that wakes it, and waits there for milliseconds while another core is idle.
  bool look_around() {
    constexpr std::chrono::microseconds patience(200);
    const auto begin = std::chrono::steady_clock::now();
    do {
      std::this_thread::yield();
      if (something_to_do()) return true;
    } while (std::chrono::steady_clock::now() - begin < patience);
    return false;
  }

  // A sleeper counts itself before it looks a last time, a pusher looks for sleepers after it
  // pushed: one of the two sees the other.
  void sleep() {
    std::unique_lock lock(sleep_mutex_);
    sleepers_.fetch_add(1, std::memory_order_seq_cst);
    if (!something_to_do()) awake_.wait(lock);
    sleepers_.fetch_sub(1, std::memory_order_relaxed);
  }

  void wake_one() {
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (sleepers_.load(std::memory_order_seq_cst) == 0) return;
    const std::lock_guard lock(sleep_mutex_);
    awake_.notify_one();
  }

  void wake_all() {
    const std::lock_guard lock(sleep_mutex_);
    awake_.notify_all();
  }

  RootSource roots_;
  std::vector<Queue> queues_;
  std::atomic<std::int64_t> unfinished_{0};
  std::atomic<bool> stopped_{false};
  std::mutex sleep_mutex_;
  std::condition_variable awake_;
  std::atomic<int> sleepers_{0};
};

}  // namespace lambdapack::exec
