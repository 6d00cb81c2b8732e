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
#include "lambdapack/exec/threads/ready_nodes.hpp"
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

/// A task that has become ready, and its level: how urgent it is.
struct Ready {
  Node node;
  int level = 0;
};

/// A worker goes on with a task that its last one made ready, unless one that waits is clearly more
/// urgent; else it takes the most urgent of its own, the newest of these; else the most urgent of
/// another worker, the oldest of these; else a root; else it sleeps.
///
/// Whether the run is over shows in two counts for each worker, of tasks begun and of tasks
/// finished, which only it writes: where all that had finished a moment ago equals all that have
/// begun by now, nothing is left.
class ReadyQueues {
 public:
  ReadyQueues(const TaskGraph& graph, int workers)
      : roots_(graph), queues_(static_cast<std::size_t>(workers)) {}

  /// Worker `worker` has finished a task, and with it `ready` have become ready. Whether it goes on
  /// with one of them or a more urgent one, which is then `node`, without asking for it.
  bool finished(int worker, std::span<Ready> ready, Node& node) {
    Queue& q = queues_[static_cast<std::size_t>(worker)];
    add(q.begun, static_cast<std::int64_t>(ready.size()));
    add(q.finished, 1);
    if (ready.empty()) return false;
    // Its tiles are in the cache of this core.
    std::swap(most_urgent(ready), ready.back());
    {
      const std::lock_guard lock(q.lock);
      for (const Ready& r : ready.first(ready.size() - 1)) q.nodes.push(r.level, r.node);
      if (q.nodes.top() > ready.back().level + clearly) {
        node = q.nodes.pop_newest();
        q.nodes.push(ready.back().level, ready.back().node);
      } else {
        node = ready.back().node;
      }
    }
    for (std::size_t k = 0; k + 1 < std::min(ready.size(), queues_.size()); ++k) wake_one();
    return true;
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
    ReadyNodes nodes;
    alignas(64) std::atomic<std::int64_t> begun{0};
    std::atomic<std::int64_t> finished{0};
  };

  // The difference in level for which a worker leaves tiles that are in its cache.
  static constexpr int clearly = 3;

  // The last of the most urgent.
  static Ready& most_urgent(std::span<Ready> ready) {
    Ready* most = &ready.front();
    for (Ready& r : ready)
      if (r.level >= most->level) most = &r;
    return *most;
  }

  // Only one thread adds to a count.
  static void add(std::atomic<std::int64_t>& count, std::int64_t n) {
    count.store(count.load(std::memory_order_relaxed) + n, std::memory_order_release);
  }

  bool take(int worker, Node& node) {
    const std::size_t n = queues_.size();
    for (std::size_t k = 0; k < n; ++k) {
      Queue& q = queues_[(static_cast<std::size_t>(worker) + k) % n];
      const std::lock_guard lock(q.lock);
      if (q.nodes.top() < 0) continue;
      node = k == 0 ? q.nodes.pop_newest() : q.nodes.pop_oldest();
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
      if (q.nodes.top() >= 0) return true;
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
