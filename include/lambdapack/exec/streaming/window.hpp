// The tiles that a run works on which cannot hold all of them, and whose turn is later.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <queue>
#include <utility>
#include <vector>

namespace lambdapack::exec::streaming {

/// Moves along the order of tiles, several in one round. A tile is open from when the window
/// reaches it until it has its final contents. Ready tasks of tiles that it has not reached wait
/// here by their numbers: there may be as many as the arrays have tiles.
class Window {
 public:
  struct Open {
    std::int64_t round = 0;  ///< that in which the tile was opened, from 1; 0 if it is not open
    std::int64_t steps = 0;  ///< how many of its tasks have run
    std::int64_t bytes = 0;  ///< that it is expected to have
  };

  /// The place that the window has reached.
  std::uint64_t front() const { return front_; }
  bool reaches(std::uint64_t place) const { return place <= front_; }

  /// A task behind the front has become ready.
  void add_later(std::uint64_t place, std::int64_t task) { later_.emplace(place, task); }
  bool has_later() const { return !later_.empty(); }
  /// The task that is the next to be reached.
  std::int64_t next() const { return later_.top().second; }

  /// The tiles that are reached from now on are of another round.
  void begin_round() { ++round_; }

  /// Moves on to the next tile that has ready tasks, of which there must be one; it is expected to
  /// have so many bytes. Calls reached(task) for the tasks.
  template <class Reached>
  void advance(std::int64_t bytes, const Reached& reached) {
    front_ = later_.top().first;
    if (open_.emplace(front_, Open{round_, 0, bytes}).second) untouched_bytes_ += bytes;
    while (!later_.empty() && later_.top().first == front_) {
      const std::int64_t task = later_.top().second;
      later_.pop();
      reached(task);
    }
  }

  Open at(std::uint64_t place) const {
    const auto found = open_.find(place);
    return found == open_.end() ? Open{} : found->second;
  }
  std::size_t open() const { return open_.size(); }
  /// Bytes of those open tiles of which no task has run.
  std::int64_t untouched_bytes() const { return untouched_bytes_; }

  /// A task with this place has run.
  void step(std::uint64_t place) {
    const auto found = open_.find(place);
    if (found != open_.end() && found->second.steps++ == 0) untouched_bytes_ -= found->second.bytes;
  }

  /// The tile at this place, of which a task has run, has its final contents.
  void close(std::uint64_t place) { open_.erase(place); }

 private:
  using Later = std::pair<std::uint64_t, std::int64_t>;  // the place, and the task's number

  std::int64_t round_ = 1;
  std::uint64_t front_ = 0;
  std::map<std::uint64_t, Open> open_{{0, Open{1, 0, 0}}};
  std::int64_t untouched_bytes_ = 0;
  std::priority_queue<Later, std::vector<Later>, std::greater<>> later_;
};

}  // namespace lambdapack::exec::streaming
