// Which values of a run are in memory, and which go when others need the room.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lambdapack/exec/streaming/budget.hpp"
#include "lambdapack/exec/streaming/ready_tasks.hpp"
#include "lambdapack/exec/streaming/sizes.hpp"
#include "lambdapack/exec/streaming/task.hpp"
#include "lambdapack/exec/streaming/turns.hpp"
#include "lambdapack/exec/task_runner.hpp"

namespace lambdapack::exec::streaming {

/// The values of one run. Each that is in memory has a share of the run's bytes, and each task
/// under way has one for what it loads and makes, of which these values get theirs. For one thread
/// at a time.
///
/// What is used last goes first (Belady, "A study of replacement algorithms for a virtual-storage
/// computer", 1966): of a value the readers that have not run are known from the graph, and of each
/// reader where its tile lies in the order of the run.
class Residency {
 public:
  Residency(RunState& state, const Turns& turns, ReadyTasks& ready)
      : state_(state), turns_(turns), ready_(ready), sizes_(state.job) {}

  Budget& budget() { return budget_; }
  const Budget& budget() const { return budget_; }
  const Sizes& sizes() const { return sizes_; }

  /// The bytes of those values here that the window needs.
  std::int64_t needed() const { return needed_; }

  /// A value that a ready task reads.
  Resident& note(const Value& value) {
    Resident& r = values_[state_.numbering.number(value)];
    if (r.cell != nullptr) return r;
    // It is a tile of an array: the task that makes any other value adds it.
    r.value = value;
    r.number = state_.numbering.number(value);
    r.readers = state_.left.reader_count(value);
    r.cell = &state_.values.at_or_make(value, [&] { return r.readers; });
    r.is_kept = true;
    const TileName tile =
        value.is_initial() ? value.tile() : state_.job.graph.output(value.node(), value.slot);
    r.overwritten = value.is_initial() && state_.job.graph.writer(tile).has_value();
    r.bytes = sizes_.of_tile(tile.array);
    return r;
  }

  /// A task has made a value, which is in its cell and has this many readers.
  void add(Task& task, const Value& value, std::int64_t readers, bool is_kept) {
    const std::int64_t number = state_.numbering.number(value);
    Resident& r = values_[number];
    r.value = value;
    r.number = number;
    r.cell = &state_.values.at(value);
    r.readers = readers;
    r.is_kept = is_kept;
    come(r, task);
  }

  /// What may be given up for a task: what the window does not need; or all that is here; or also
  /// the caution that a temporary which nobody has seen is as large as all that its task reads.
  enum class Price { low, high, any };

  /// Whether there would be room at this price for a task that need not wait for values.
  bool has_room(Task& task, Price price) const {
    task.needs = task.missing + room_for_results(task, price);
    std::int64_t far = idle_far_, near = idle_near_;
    for (const Task::Read& read : task.reads) {
      const Resident& r = *read.value;
      if (r.state == Resident::State::here && r.users == 0) (r.is_near ? near : far) -= r.bytes;
    }
    return task.needs <= budget_.free() + far + (price == Price::low ? 0 : near);
  }

  /// Begins a task for which there is room: makes that, as far as it can be had at once, and holds
  /// what the task reads.
  void admit(Task& task) {
    for (Task::Read& read : task.reads) {
      Resident& r = *read.value;
      if (r.users++ == 0 && r.state == Resident::State::here) idle(r) -= r.bytes;
      read.loads = r.state == Resident::State::away;
      if (read.loads) ready_.change(r, Resident::State::coming);
    }
    std::int64_t short_of = task.needs - budget_.free();
    while (short_of > 0) {
      Resident& victim = *farthest();
      short_of -= victim.bytes;
      unfile(victim);
      if (victim.is_kept) {
        leave(victim);
        victim.held.give_back();
      } else {
        ready_.change(victim, Resident::State::leaving);
        task.spills.push_back(&victim);
      }
    }
    task.room = Share(budget_, std::clamp<std::int64_t>(budget_.free(), 0, task.needs));
  }

  /// The scratch has what a task was to put aside: the task has its bytes, as far as it needs them.
  void is_aside(Resident& r, Task& task) {
    r.is_kept = r.in_scratch = true;
    leave(r);
    task.room.add(r.held.split(task.needs - task.room.bytes()));
    r.held.give_back();
  }

  /// What a task was to load is there.
  void has_come(Task& task) {
    for (const Task::Read& read : task.reads)
      if (read.loads) come(*read.value, task);
  }

  /// A task has run, which `turns` knows, and its results have not been added yet. Calls
  /// forget(number) for values in the scratch that nobody will read again.
  template <class Forget>
  void has_run(const Task& task, const Forget& forget) {
    for (const Task::Read& read : task.reads) {
      Resident& r = *read.value;
      unfile(r);
      --r.users;
      if (--r.readers > 0) {
        // Others of the same place are as good.
        const auto use =
            std::lower_bound(r.uses.begin(), r.uses.end(), task.target.place, std::greater<>());
        if (use != r.uses.end() && *use == task.target.place) r.uses.erase(use);
        file(r);
      } else {
        if (r.in_scratch) forget(r.number);
        values_.erase(r.number);
      }
    }
  }

  /// The window has reached this place.
  void reach(std::uint64_t front) {
    front_ = front;
    while (!far_.empty() && std::get<0>(*far_.begin()) <= front) {
      Resident& r = *std::get<Resident*>(*far_.begin());
      unfile(r);
      file(r);
    }
  }

 private:
  // As many as are found at a time: a walk over all readers of a value is paid for by so many.
  static constexpr std::size_t most_uses = 64;

  // A result takes no room of its own if it is an old value's tile, which nobody else reads.
  std::int64_t room_for_results(const Task& task, Price price) const {
    std::int64_t unknown = sizes_.of_arrays(), reads = 0, bytes = 0;
    for (const Task::Read& read : task.reads) reads += read.value->bytes;
    if (price != Price::any) unknown = std::max(unknown, reads);
    for (std::size_t slot = 0; slot < task.old.size(); ++slot) {
      const int old = task.old[slot];
      if (old >= 0) {
        const Task::Read& read = task.reads[static_cast<std::size_t>(old)];
        if (read.value->readers == 1 && read.slots == 1) continue;
      }
      const std::int64_t known = sizes_.of_result(task.node, static_cast<int>(slot));
      bytes += known > 0 ? known : unknown;
    }
    return bytes;
  }

  // The tile of a value is in its cell, in a task's room.
  void come(Resident& r, Task& task) {
    r.held = task.room.split(r.bytes);
    r.bytes = bytes_of(r.cell->tile);
    r.type = r.cell->tile ? &r.cell->tile.type() : nullptr;
    sizes_.learn(r.value, r.bytes);
    r.held.resize(r.bytes);
    ready_.change(r, Resident::State::here);
    file(r);
  }

  // Its bytes are its owner's still.
  void leave(Resident& r) {
    state_.held.change(-r.bytes);
    r.cell->tile = {};
    r.uses = {};
    ready_.change(r, Resident::State::away);
  }

  // Of the values here, that no task under way needs, the one that is used last; what is kept
  // elsewhere goes before what must be put aside. What the window needs goes last. There is one.
  Resident* farthest() const {
    for (auto at = far_.rbegin(); at != far_.rend(); ++at)
      if (Resident* r = std::get<Resident*>(*at); r->users == 0) return r;
    for (auto at = near_.rbegin(); at != near_.rend(); ++at)
      if (Resident* r = std::get<Resident*>(*at); r->users == 0) return r;
    throw internal_error("a task was given room that is not there");
  }

  std::int64_t& idle(const Resident& r) { return r.is_near ? idle_near_ : idle_far_; }

  // Puts a value that is here in its order.
  void file(Resident& r) {
    if (r.uses.empty()) find_uses(r);
    const std::uint64_t next = r.uses.back();
    r.is_near = next <= front_;
    if (r.is_near) {
      near_.emplace(r.is_kept, next, r.number, &r);
      needed_ += r.bytes;
    } else {
      far_.emplace(next, r.is_kept, r.number, &r);
    }
    if (r.users == 0) idle(r) += r.bytes;
  }

  void unfile(Resident& r) {
    const std::uint64_t next = r.uses.back();
    if (r.is_near) {
      near_.erase({r.is_kept, next, r.number, &r});
      needed_ -= r.bytes;
    } else {
      far_.erase({next, r.is_kept, r.number, &r});
    }
    if (r.users == 0) idle(r) -= r.bytes;
  }

  // The next of its readers, the first at the back.
  void find_uses(Resident& r) {
    state_.job.graph.readers(r.value, [&](const Node& reader) {
      const std::optional<std::uint64_t> place = turns_.of(reader);
      if (!place) return;
      if (r.uses.size() == most_uses) {
        if (*place >= r.uses.front()) return;
        std::pop_heap(r.uses.begin(), r.uses.end());
        r.uses.pop_back();
      }
      r.uses.push_back(*place);
      std::push_heap(r.uses.begin(), r.uses.end());
    });
    if (r.uses.empty()) r.uses.push_back(std::numeric_limits<std::uint64_t>::max());
    std::sort(r.uses.begin(), r.uses.end(), std::greater<>());
  }

  RunState& state_;
  const Turns& turns_;
  ReadyTasks& ready_;
  Budget budget_;
  Sizes sizes_;
  std::unordered_map<std::int64_t, Resident> values_;
  // Values that are here, those that the window needs apart.
  std::set<std::tuple<std::uint64_t, bool, std::int64_t, Resident*>> far_;
  std::set<std::tuple<bool, std::uint64_t, std::int64_t, Resident*>> near_;
  std::int64_t idle_far_ = 0, idle_near_ = 0;  // bytes of these that no task under way reads
  std::int64_t needed_ = 0;
  std::uint64_t front_ = 0;
};

}  // namespace lambdapack::exec::streaming
