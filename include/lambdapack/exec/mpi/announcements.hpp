// What other ranks have offered to this one, in the order in which it is to be fetched.
#pragma once

#include <algorithm>
#include <climits>
#include <iterator>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "lambdapack/exec/mpi/messenger.hpp"
#include "lambdapack/exec/mpi/site.hpp"
#include "lambdapack/graph/task_graph.hpp"

namespace lambdapack::exec::detail {

/// Values that other ranks have announced and that are not fetched yet.
class Announcements {
 public:
  /// One of them; the place of another is not changed when one goes.
  using Place = std::multimap<int, Announced>::iterator;

  void add(Announced announced) {
    const bool hands_on = announced.wish && announced.wish->hands_on;
    const int level = announced.wish ? announced.wish->level : -1;
    waiting_.emplace(hands_on ? before_all : -level, std::move(announced));
  }

  bool empty() const { return waiting_.empty(); }
  void erase(Place place) { waiting_.erase(place); }

  /// What goes on to other ranks, before what is most urgent here.
  Place most_urgent() { return waiting_.begin(); }

  /// A value that the first task in the program's order waits for, or, where none is read here,
  /// any.
  Place first(const TaskGraph& graph) {
    auto best = waiting_.begin();
    for (auto w = waiting_.begin(); w != waiting_.end(); ++w)
      if (is_read(w) &&
          (!is_read(best) || graph.before(w->second.wish->first, best->second.wish->first)))
        best = w;
    return best;
  }

  /// Those of these values that are here.
  std::vector<Place> of(const std::vector<Value>& values) {
    std::vector<Place> places;
    for (auto w = waiting_.begin(); w != waiting_.end(); ++w)
      if (std::find(values.begin(), values.end(), w->second.value) != values.end())
        places.push_back(w);
    return places;
  }

  /// One that no task here reads, of which the last are; null if there is none.
  std::optional<Place> unread() {
    if (waiting_.empty() || is_read(std::prev(waiting_.end()))) return std::nullopt;
    return std::prev(waiting_.end());
  }

  static bool is_read(Place place) { return place->second.wish && place->second.wish->level >= 0; }

  std::vector<Announced> take_all() {
    std::vector<Announced> all;
    for (auto& [level, announced] : waiting_) all.push_back(std::move(announced));
    waiting_.clear();
    return all;
  }

 private:
  static constexpr int before_all = INT_MIN;

  std::multimap<int, Announced> waiting_;
};

}  // namespace lambdapack::exec::detail
