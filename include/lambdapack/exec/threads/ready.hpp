// Ready tasks: a queue per place, and the roots that nobody has begun yet.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "lambdapack/exec/detail/locks.hpp"
#include "lambdapack/exec/left_over.hpp"
#include "lambdapack/exec/numbering.hpp"
#include "lambdapack/exec/threads/ready_nodes.hpp"
#include "lambdapack/graph/task_graph.hpp"

namespace lambdapack::exec {

/// Hands out the roots of a graph one at a time, so that they are never all in memory.
class RootSource {
 public:
  RootSource(const TaskGraph& graph, const LeftOver& left) : graph_(graph), left_(left) {}

  /// The next root; false when there is none left.
  bool next(Node& node) {
    if (empty_.load(std::memory_order_acquire)) return false;
    const std::lock_guard lock(mutex_);
    const bool found = left_.is_part() ? next_left(node) : next_of_all(node);
    if (!found) empty_.store(true, std::memory_order_release);
    return found;
  }

  bool empty() const { return empty_.load(std::memory_order_acquire); }

 private:
  bool next_of_all(Node& node) {
    while (true) {
      if (cursor_ && cursor_->next(node)) return true;
      if (line_ == graph_.statements()) return false;
      cursor_ = graph_.roots(line_++);
    }
  }

  bool next_left(Node& node) {
    if (handed_out_ == left_.roots().size()) return false;
    node = left_.roots()[handed_out_++];
    return true;
  }

  const TaskGraph& graph_;
  const LeftOver& left_;
  std::mutex mutex_;
  std::atomic<bool> empty_{false};
  int line_ = 0;
  std::optional<NodeCursor> cursor_;
  std::size_t handed_out_ = 0;
};

/// A task that has become ready: its number, its level, which is how urgent it is, and its name
/// where somebody has that at hand.
struct Ready {
  std::int64_t number = 0;
  int level = 0;
  const Node* node = nullptr;
};

/// A worker goes on with a task that its last one made ready, unless one that waits is clearly more
/// urgent; else it takes the most urgent of its own, the newest of these; else the most urgent of
/// another's, the oldest of these; else a root.
///
/// Whether the run is over shows in two counts for each worker, of tasks begun and of tasks
/// finished, which only it writes: where all that had finished a moment ago equals all that have
/// begun by now, nothing is left. Workers are told apart by their places.
class ReadyQueues {
 public:
  /// If it is `strict`, workers go on with nothing while anybody's is more urgent.
  ReadyQueues(const TaskGraph& graph, const LeftOver& left, const Numbering& numbering, bool strict,
              int places)
      : numbering_(numbering),
        strict_(strict),
        roots_(graph, left),
        queues_(static_cast<std::size_t>(places)) {}

  /// A worker has finished a task, and with it `ready`, whose names are given, have become ready.
  /// Whether it goes on with one of them or a more urgent one, which is then `node`, without asking
  /// for it.
  bool finished(int place, std::span<Ready> ready, Node& node) {
    Queue& q = queue(place);
    add(q.begun, static_cast<std::int64_t>(ready.size()));
    add(q.finished, 1);
    if (ready.empty()) return false;
    // Its tiles are in the cache of this core.
    std::swap(most_urgent(ready), ready.back());
    const Ready next = ready.back();
    std::int64_t number = -1;
    const bool leaves_it = strict_ && urgent_elsewhere(place) > next.level;
    {
      const std::lock_guard lock(q.lock);
      for (const Ready& r : ready.first(ready.size() - 1)) q.nodes.push(r.level, r.number);
      if (leaves_it || q.nodes.top() > next.level + clearly()) {
        q.nodes.push(next.level, next.number);
        if (!leaves_it) number = q.nodes.pop_newest();
      }
      q.show_top();
    }
    if (leaves_it) return false;
    node = number < 0 ? *next.node : numbering_.node(number);
    return true;
  }

  /// The next task for a worker; false if nobody has one to give away, or `stop` was called.
  bool take(int place, Node& node) {
    if (stopped()) return false;
    const std::size_t n = queues_.size();
    const int elsewhere = strict_ ? urgent_elsewhere(place) : -1;
    for (std::size_t k = 0; k < n; ++k) {
      Queue& q = queues_[(static_cast<std::size_t>(place) + k) % n];
      const int top = q.top.load(std::memory_order_relaxed);
      if (top < 0 || top < elsewhere) continue;
      const std::lock_guard lock(q.lock);
      if (q.nodes.top() < 0) continue;
      node = numbering_.node(k == 0 ? q.nodes.pop_newest() : q.nodes.pop_oldest());
      q.show_top();
      return true;
    }
    if (roots_.empty()) return false;
    // A root counts as begun before the source can say that it is empty.
    Queue& own = queue(place);
    add(own.begun, 1);
    if (roots_.next(node)) return true;
    add(own.finished, 1);
    return false;
  }

  /// A worker that has taken a task, or goes on with it, leaves it to others.
  void put_back(int place, const Ready& ready) {
    Queue& q = queue(place);
    const std::lock_guard lock(q.lock);
    q.nodes.push(ready.level, ready.number);
    q.show_top();
  }

  /// Whether somebody might get a task. What has just been put there may be overlooked, unless a
  /// fence is between.
  bool has_tasks() const {
    if (stopped()) return false;
    if (!roots_.empty()) return true;
    return std::any_of(queues_.begin(), queues_.end(),
                       [](const Queue& q) { return q.top.load(std::memory_order_relaxed) >= 0; });
  }

  /// Whether every task has finished. The counts only grow, and a task counts as begun before the
  /// one that made it ready counts as finished.
  bool over() const {
    if (!roots_.empty()) return false;
    std::int64_t finished = 0, begun = 0;
    for (const Queue& q : queues_) finished += q.finished.load(std::memory_order_acquire);
    for (const Queue& q : queues_) begun += q.begun.load(std::memory_order_acquire);
    return finished == begun;
  }

  bool stopped() const { return stopped_.load(std::memory_order_acquire); }
  void stop() { stopped_.store(true, std::memory_order_release); }

 private:
  struct alignas(64) Queue {
    // Under the lock.
    void show_top() { top.store(nodes.top(), std::memory_order_relaxed); }

    detail::SpinLock lock;
    ReadyNodes nodes;
    std::atomic<int> top{-1};  // of the nodes, for who has no lock
    alignas(64) std::atomic<std::int64_t> begun{0};
    std::atomic<std::int64_t> finished{0};
  };

  // The difference in level for which a worker leaves tiles that are in its cache.
  int clearly() const { return strict_ ? 0 : 3; }

  // The highest level at which others have tasks.
  int urgent_elsewhere(int place) const {
    int most = -1;
    for (std::size_t k = 0; k < queues_.size(); ++k)
      if (k != static_cast<std::size_t>(place))
        most = std::max(most, queues_[k].top.load(std::memory_order_relaxed));
    return most;
  }

  // The last of the most urgent.
  static Ready& most_urgent(std::span<Ready> ready) {
    Ready* most = &ready.front();
    for (Ready& r : ready)
      if (r.level >= most->level) most = &r;
    return *most;
  }

  // Only one thread at a time adds to a count.
  static void add(std::atomic<std::int64_t>& count, std::int64_t n) {
    count.store(count.load(std::memory_order_relaxed) + n, std::memory_order_release);
  }

  Queue& queue(int place) { return queues_[static_cast<std::size_t>(place)]; }

  const Numbering& numbering_;
  const bool strict_;
  RootSource roots_;
  std::vector<Queue> queues_;
  alignas(64) std::atomic<bool> stopped_{false};
};

}  // namespace lambdapack::exec
