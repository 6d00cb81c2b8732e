// What other ranks have offered to this one, in the order in which it is to be fetched.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "lambdapack/exec/mpi/messenger.hpp"
#include "lambdapack/exec/mpi/offers.hpp"
#include "lambdapack/exec/mpi/site.hpp"
#include "lambdapack/graph/task_graph.hpp"

namespace lambdapack::exec::detail {

/// Values that other ranks have announced and that are not fetched yet.
class Announcements {
 public:
  explicit Announcements(const TaskGraph& graph)
      : graph_(graph), to_hand_on_(distributed::InOrder(graph)) {}

  /// One of those for this rank alone; the place of another is not changed when one goes.
  using Place = std::multimap<int, Announced>::iterator;
  /// One of those that go on to other ranks.
  using PlaceBefore = std::multimap<Node, Announced, distributed::InOrder>::iterator;

  void add(Announced announced) {
    ++from_[announced.from];
    if (announced.wish && announced.wish->hands_on) {
      const Node place = announced.wish->place;
      to_hand_on_.emplace(place, std::move(announced));
    } else {
      const int level = announced.wish ? announced.wish->level : -1;
      waiting_.emplace(-level, std::move(announced));
    }
  }

  bool empty() const { return waiting_.empty() && to_hand_on_.empty(); }
  void erase(Place place) {
    forget(place->second.from);
    waiting_.erase(place);
  }
  void erase(PlaceBefore place) {
    forget(place->second.from);
    to_hand_on_.erase(place);
  }

  /// How many there are, by the ranks that have announced them.
  const std::map<int, std::int64_t>& from() const { return from_; }

  /// Of what goes on to other ranks, what stands first in the program.
  std::optional<PlaceBefore> first_to_hand_on() {
    if (to_hand_on_.empty()) return std::nullopt;
    return to_hand_on_.begin();
  }

  /// Of the others, what is most urgent here.
  std::optional<Place> most_urgent() {
    if (waiting_.empty()) return std::nullopt;
    return waiting_.begin();
  }

  /// Of the others, a value that the first task in the program's order waits for; null if no task
  /// here reads one.
  std::optional<Place> first() {
    std::optional<Place> best;
    for (auto w = waiting_.begin(); w != waiting_.end(); ++w)
      if (is_read(w) &&
          (!best || graph_.before(w->second.wish->first, (*best)->second.wish->first)))
        best = w;
    return best;
  }

  /// Those of these values that are among the others.
  std::vector<Place> of(const std::vector<Value>& values) {
    std::vector<Place> places;
    for (auto w = waiting_.begin(); w != waiting_.end(); ++w)
      if (std::find(values.begin(), values.end(), w->second.value) != values.end())
        places.push_back(w);
    return places;
  }

  /// One of the others that no task here reads, of which the last are; null if there is none.
  std::optional<Place> unread() {
    if (waiting_.empty() || is_read(std::prev(waiting_.end()))) return std::nullopt;
    return std::prev(waiting_.end());
  }

  std::vector<Announced> take_all() {
    std::vector<Announced> all;
    for (auto& [level, announced] : waiting_) all.push_back(std::move(announced));
    for (auto& [place, announced] : to_hand_on_) all.push_back(std::move(announced));
    waiting_.clear();
    to_hand_on_.clear();
    from_.clear();
    return all;
  }

 private:
  static bool is_read(Place place) { return place->second.wish && place->second.wish->level >= 0; }

  void forget(int from) {
    if (--from_[from] == 0) from_.erase(from);
  }

  const TaskGraph& graph_;
  std::multimap<int, Announced> waiting_;  // by level, the highest first
  std::multimap<Node, Announced, distributed::InOrder> to_hand_on_;
  std::map<int, std::int64_t> from_;
};

}  // namespace lambdapack::exec::detail
