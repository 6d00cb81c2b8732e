// What this rank keeps for others that have not fetched it yet, and which of its tasks wait for
// that.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "lambdapack/exec/mpi/receivers.hpp"
#include "lambdapack/graph/task_graph.hpp"

namespace lambdapack::exec::distributed {

/// Tells nodes in the order in which the program would run them.
class InOrder {
 public:
  explicit InOrder(const TaskGraph& graph) : graph_(&graph) {}
  bool operator()(const Node& a, const Node& b) const { return graph_->before(a, b); }

 private:
  const TaskGraph* graph_;
};

/// The values that this rank has made, or hands on, and that others have not fetched: those that
/// take memory here for that. Where they take more than `most` bytes, tasks that send something
/// wait. Safe from any thread.
///
/// A value on offer to a rank stands in the program where the first task reads it that gets it by
/// that way, or where it was made if no task does and only its tile is kept. A task that waits goes
/// on, whatever there is on offer, if some rank stands still that has not fetched from here, and
/// nothing on offer stands before the task. So the ranks never wait in a circle: suppose that all
/// stand still. Of all unfinished tasks let T be the first. Of all values on offer anywhere, to
/// own readers or to be handed on, take the one that stands first. If it is to be handed on, its
/// receiver has nothing on offer that stands before it, and fetches it. If no task there reads it,
/// a rank that stands still fetches it. So a task reads it that is not finished, and nothing on
/// offer stands before T. Then what T reads has been handed on to its rank, which fetches all of it
/// when it stands still, and T itself does not wait for its turn: it runs.
class Offers {
 public:
  Offers(const TaskGraph& graph, int ranks, std::int64_t most)
      : by_place_(InOrder(graph)), most_(most), peers_(static_cast<std::size_t>(ranks)) {}

  /// Notes that a value of so many bytes is on offer to these ranks, each until the token at its
  /// position is dropped. The bytes count until all are.
  std::vector<std::shared_ptr<const void>> add(const Value& value, std::int64_t bytes,
                                               const std::vector<int>& to) {
    auto all = std::make_shared<const Bytes>(bytes_, bytes);
    std::vector<std::shared_ptr<const void>> tokens;
    for (const int rank : to)
      tokens.push_back(std::make_shared<const Offer>(*this, value, rank, all));
    return tokens;
  }

  std::int64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  std::int64_t most() const { return most_; }
  /// Whether there is no room for more; for one value there always is.
  bool is_full() const {
    const std::int64_t now = bytes();
    return now > 0 && now >= most_;
  }

  /// Rank `peer` has said how many values it has fetched from here, and that it stands still, or
  /// that it goes on.
  void stands_still(int peer, std::int64_t fetched, bool still) {
    const std::lock_guard lock(mutex_);
    peers_[static_cast<std::size_t>(peer)].still_after = still ? fetched : -1;
  }
  /// Rank `peer` has fetched one more value from here.
  void count_fetched(int peer) {
    const std::lock_guard lock(mutex_);
    ++peers_[static_cast<std::size_t>(peer)].fetched;
  }

  /// Whether what stands at `place` goes on although there is no room.
  bool lets(const Node& place, ReceiverFinder& finder) {
    const std::lock_guard lock(mutex_);
    if (offers_.empty() && new_.empty()) return true;
    if (!any_stands_still()) return false;
    for (; !new_.empty(); offers_.splice(offers_.end(), new_, new_.begin())) {
      Entry& entry = new_.front();
      entry.place = by_place_.emplace(finder.place(entry.value, entry.to), 0);
    }
    return !by_place_.key_comp()(by_place_.begin()->first, place);
  }

 private:
  using Places = std::multimap<Node, int, InOrder>;
  struct Entry {
    Value value;
    int to;
    std::optional<Places::iterator> place;  // found when it is asked for
  };
  struct Peer {
    std::int64_t fetched = 0;
    std::int64_t still_after = -1;
    std::int64_t offers = 0;
  };

  class Bytes {
   public:
    Bytes(std::atomic<std::int64_t>& all, std::int64_t bytes) : all_(all), bytes_(bytes) {
      all_.fetch_add(bytes_, std::memory_order_relaxed);
    }
    Bytes(const Bytes&) = delete;
    Bytes& operator=(const Bytes&) = delete;
    ~Bytes() { all_.fetch_sub(bytes_, std::memory_order_relaxed); }

   private:
    std::atomic<std::int64_t>& all_;
    const std::int64_t bytes_;
  };

  class Offer {
   public:
    Offer(Offers& offers, const Value& value, int to, std::shared_ptr<const Bytes> bytes)
        : offers_(offers), bytes_(std::move(bytes)) {
      const std::lock_guard lock(offers_.mutex_);
      offers_.new_.push_back({value, to, std::nullopt});
      at_ = std::prev(offers_.new_.end());
      ++offers_.peers_[static_cast<std::size_t>(to)].offers;
    }
    Offer(const Offer&) = delete;
    Offer& operator=(const Offer&) = delete;
    ~Offer() {
      const std::lock_guard lock(offers_.mutex_);
      --offers_.peers_[static_cast<std::size_t>(at_->to)].offers;
      if (at_->place) offers_.by_place_.erase(*at_->place);
      (at_->place ? offers_.offers_ : offers_.new_).erase(at_);
    }

   private:
    Offers& offers_;
    std::shared_ptr<const Bytes> bytes_;
    std::list<Entry>::iterator at_;
  };

  // What a rank has said holds until it is seen to have fetched more.
  bool any_stands_still() const {
    for (const Peer& peer : peers_)
      if (peer.offers > 0 && peer.still_after >= peer.fetched) return true;
    return false;
  }

  std::atomic<std::int64_t> bytes_{0};
  std::mutex mutex_;
  std::list<Entry> new_, offers_;
  Places by_place_;
  const std::int64_t most_;
  std::vector<Peer> peers_;
};

/// Tasks that could run, and wait until what they would send has room. Safe from any thread.
class HeldBack {
 public:
  explicit HeldBack(const TaskGraph& graph) : tasks_(InOrder(graph)) {}

  void add(const Node& node, std::int64_t number) {
    const std::lock_guard lock(mutex_);
    tasks_.emplace(node, number);
    is_empty_.store(false, std::memory_order_release);
  }

  bool empty() const { return is_empty_.load(std::memory_order_acquire); }

  /// Takes up to `most` tasks in the program's order, as long as may_go(node): calls
  /// go(node, number) for each; how many.
  template <class MayGo, class Go>
  int let_go(int most, MayGo&& may_go, Go&& go) {
    const std::lock_guard lock(mutex_);
    int gone = 0;
    for (; gone < most && !tasks_.empty() && may_go(tasks_.begin()->first); ++gone) {
      go(tasks_.begin()->first, tasks_.begin()->second);
      tasks_.erase(tasks_.begin());
    }
    is_empty_.store(tasks_.empty(), std::memory_order_release);
    return gone;
  }

 private:
  std::mutex mutex_;
  std::multimap<Node, std::int64_t, InOrder> tasks_;
  std::atomic<bool> is_empty_{true};
};

}  // namespace lambdapack::exec::distributed
