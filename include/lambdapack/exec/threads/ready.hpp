// Ready tasks: a deque per worker, and the roots that nobody has begun yet.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "lambdapack/exec/detail/locks.hpp"
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

/// Nodes in a ring that grows, taken at either end.
class NodeRing {
 public:
  bool empty() const { return size_ == 0; }

  void push_back(const Node& node) {
    if (size_ == nodes_.size()) grow();
    nodes_[(first_ + size_++) & (nodes_.size() - 1)] = node;
  }
  Node pop_back() { return nodes_[(first_ + --size_) & (nodes_.size() - 1)]; }
  Node pop_front() {
    const std::size_t at = first_;
    first_ = (first_ + 1) & (nodes_.size() - 1);
    --size_;
    return nodes_[at];
  }

 private:
  void grow() {
    std::vector<Node> larger(std::max<std::size_t>(64, 2 * nodes_.size()));
    for (std::size_t k = 0; k < size_; ++k) larger[k] = nodes_[(first_ + k) & (nodes_.size() - 1)];
    nodes_ = std::move(larger);
    first_ = 0;
  }

  std::vector<Node> nodes_;  // a power of two of them
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

/// A worker takes its newest own task, else another worker's oldest, else a root, else it sleeps.
///
/// Whether the run is over shows in two counts for each worker, of tasks begun and of tasks
/// finished, which only it writes: where all that had finished a moment ago equals all that have
/// begun by now, nothing is left.
class ReadyQueues {
 public:
  ReadyQueues(const TaskGraph& graph, int workers)
      : roots_(graph), queues_(static_cast<std::size_t>(workers)) {}

  /// Worker `worker` has finished a task, and with it `ready` have become ready, of which it takes
  /// the last itself, without asking for it.
  void finished(int worker, std::span<const Node> ready) {
    Queue& q = queues_[static_cast<std::size_t>(worker)];
    add(q.begun, static_cast<std::int64_t>(ready.size()));
    add(q.finished, 1);
    if (ready.size() < 2) return;
    {
      const std::lock_guard lock(q.lock);
      for (std::size_t k = 0; k + 1 < ready.size(); ++k) q.nodes.push_back(ready[k]);
    }
    for (std::size_t k = 0; k + 1 < std::min(ready.size(), queues_.size()); ++k) wake_one();
  }

  /// The next task for a worker. False when the run is over: every task finished, or `stop` was
  /// called.
  bool pop(int worker, Node& node) {
    while (!stopped()) {
      if (take(worker, node)) return true;
      if (over()) {
        wake_all();
        break;
      }
      if (!look_around()) sleep();
    }
    return false;
  }

  bool stopped() const { return stopped_.load(std::memory_order_acquire); }

  void stop() {
    stopped_.store(true, std::memory_order_release);
    wake_all();
  }

 private:
  struct alignas(64) Queue {
    detail::SpinLock lock;
    NodeRing nodes;
    alignas(64) std::atomic<std::int64_t> begun{0};
    std::atomic<std::int64_t> finished{0};
  };

  // Only one thread adds to a count.
  static void add(std::atomic<std::int64_t>& count, std::int64_t n) {
    count.store(count.load(std::memory_order_relaxed) + n, std::memory_order_release);
  }

  bool take(int worker, Node& node) {
    const std::size_t n = queues_.size();
    for (std::size_t k = 0; k < n; ++k) {
      Queue& q = queues_[(static_cast<std::size_t>(worker) + k) % n];
      const std::lock_guard lock(q.lock);
      if (q.nodes.empty()) continue;
      node = k == 0 ? q.nodes.pop_back() : q.nodes.pop_front();
      return true;
    }
    if (roots_.empty()) return false;
    // A root counts as begun before the source can say that it is empty.
    Queue& own = queues_[static_cast<std::size_t>(worker)];
    add(own.begun, 1);
    if (roots_.next(node)) {
      wake_one();
      return true;
    }
    add(own.finished, 1);
    return false;
  }

  // The counts only grow, and a task counts as begun before the one that made it ready counts as
  // finished.
  bool over() const {
    if (!roots_.empty()) return false;
    std::int64_t finished = 0, begun = 0;
    for (const Queue& q : queues_) finished += q.finished.load(std::memory_order_acquire);
    for (const Queue& q : queues_) begun += q.begun.load(std::memory_order_acquire);
    return finished == begun;
  }

  bool something_to_do() {
    if (stopped() || !roots_.empty() || over()) return true;
    for (Queue& q : queues_) {
      const std::lock_guard lock(q.lock);
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
  alignas(64) std::atomic<bool> stopped_{false};
  std::mutex sleep_mutex_;
  std::condition_variable awake_;
  std::atomic<int> sleepers_{0};
};

}  // namespace lambdapack::exec
