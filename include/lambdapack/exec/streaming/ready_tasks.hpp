// The tasks whose turn has come, by what is missing for them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "lambdapack/exec/streaming/task.hpp"

namespace lambdapack::exec::streaming {

/// Tasks in two orders: those whose values are all here, and those for which some are away. A task
/// of which a value is on its way stands in neither. The tiles of a round go step by step, and of
/// one step those tasks come first that need the fewest bytes. A change of a value costs each task
/// that asks for it a logarithm of their number.
class ReadyTasks {
 public:
  bool empty() const { return tasks_.empty(); }

  void add(std::unique_ptr<Task> added) {
    Task& task = *added;
    for (std::size_t k = 0; k < task.reads.size(); ++k) {
      Resident& r = *task.reads[k].value;
      task.reads[k].asker = r.askers.size();
      r.askers.push_back({&task, k});
      count(task, r, 1);
    }
    tasks_.emplace(&task, std::move(added));
    file(task);
  }

  /// The first task that has all of its values, or of those that have not; nullptr if there is
  /// none.
  Task* first(bool brings) const {
    const Order& order = brings ? lacking_ : complete_;
    return order.empty() ? nullptr : std::get<Task*>(*order.begin());
  }

  /// The first task of which f(task) is true, those with all of their values before the others.
  template <class F>
  Task* find(const F& f) const {
    for (const Order* order : {&complete_, &lacking_})
      for (const Key& key : *order)
        if (f(*std::get<Task*>(key))) return std::get<Task*>(key);
    return nullptr;
  }

  /// Takes out a task that is to begin.
  std::unique_ptr<Task> take(Task& task) {
    unfile(task);
    for (const Task::Read& read : task.reads) {
      auto& askers = read.value->askers;
      askers[read.asker] = askers.back();
      askers[read.asker].task->reads[askers[read.asker].read].asker = read.asker;
      askers.pop_back();
    }
    return std::move(tasks_.extract(&task).mapped());
  }

  /// Every change of a value's state passes here.
  void change(Resident& r, Resident::State to) {
    for (const Resident::Asker& asker : r.askers) {
      unfile(*asker.task);
      count(*asker.task, r, -1);
    }
    r.state = to;
    for (const Resident::Asker& asker : r.askers) {
      count(*asker.task, r, 1);
      file(*asker.task);
    }
  }

 private:
  using Key =
      std::tuple<std::int64_t, std::int64_t, std::int64_t, std::uint64_t, std::int64_t, Task*>;
  using Order = std::set<Key>;

  static Key key(Task& task) {
    return {task.round, task.step, task.missing, task.target.place, task.number, &task};
  }

  static void count(Task& task, const Resident& r, int by) {
    switch (r.state) {
      case Resident::State::away:
        task.missing += by * r.bytes;
        task.away += by;
        break;
      case Resident::State::coming:
      case Resident::State::leaving:
        task.moving += by;
        break;
      case Resident::State::here:
        break;
    }
  }

  void file(Task& task) {
    if (task.moving == 0) (task.away > 0 ? lacking_ : complete_).insert(key(task));
  }
  void unfile(Task& task) {
    if (task.moving == 0) (task.away > 0 ? lacking_ : complete_).erase(key(task));
  }

  std::unordered_map<Task*, std::unique_ptr<Task>> tasks_;
  Order complete_, lacking_;
};

}  // namespace lambdapack::exec::streaming
