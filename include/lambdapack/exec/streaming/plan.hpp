// Which task a run that cannot hold all of its tiles begins next.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "lambdapack/exec/detail/arrival_counts.hpp"
#include "lambdapack/exec/streaming/ready_tasks.hpp"
#include "lambdapack/exec/streaming/residency.hpp"
#include "lambdapack/exec/streaming/room.hpp"
#include "lambdapack/exec/streaming/task.hpp"
#include "lambdapack/exec/streaming/turns.hpp"
#include "lambdapack/exec/streaming/window.hpp"
#include "lambdapack/exec/task_runner.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::exec::streaming {

/// Moves the window, and picks from the tasks in it. It moves no tile itself: who gets a task
/// brings what that reads, says `has_come`, runs it and says `has_run`. For one thread at a time.
class Plan {
 public:
  /// Tasks are to be computed by so many at a time, and the tiles of so many more to be brought.
  Plan(RunState& state, int workers, int ahead)
      : state_(state),
        pending_(state.numbering.nodes(), most_dense),
        turns_(state),
        residency_(state, turns_, ready_),
        workers_(workers),
        most_under_way_(workers + ahead) {}

  const Sizes& sizes() const { return residency_.sizes(); }

  /// Before anything else: bytes of tiles that may be in memory.
  void set_room(std::int64_t bytes) { residency_.budget().set(bytes); }

  void begin() {
    if (state_.left.is_part())
      for (const Node& node : state_.left.roots()) add(node);
    else
      state_.job.graph.roots([&](const Node& node) { add(node); });
  }

  /// Whether all tasks have run.
  bool is_over() const { return under_way_ == 0 && ready_.empty() && !window_.has_later(); }

  /// The next task, whose tiles are held; nothing while there is none that could begin. Throws
  /// input_error if there is not enough memory for any.
  std::unique_ptr<Task> next() {
    if (is_over() || under_way_ == most_under_way_) return {};
    widen();
    std::unique_ptr<Task> task = choose();
    while (!task && with_tiles_ < workers_ && may_open()) {
      advance();
      task = choose();
    }
    if (!task && under_way_ == 0) task = go_on();
    if (task) ++under_way_;
    return task;
  }

  /// A value that a task was to put aside is in the scratch.
  void is_aside(Resident& value, Task& task) { residency_.is_aside(value, task); }

  /// What a task reads is there.
  void has_come(Task& task) {
    residency_.has_come(task);
    ++with_tiles_;
  }

  /// A task has run, and has made these ready or brought them nearer to it. Calls forget(number)
  /// for values in the scratch that nobody will read again.
  template <class Forget>
  void has_run(Task& task, std::span<const Node> successors, const Forget& forget) {
    turns_.has_run(task.number);
    residency_.has_run(task, forget);
    window_.step(task.target.place);
    for (int slot = 0; slot < graph().output_count(task.node.line); ++slot) add_result(task, slot);
    task.room.give_back();
    for (const Node& next : successors)
      if (pending_.arrive(state_.numbering.number(next),
                          [&] { return state_.left.in_degree(next); }))
        add(next);
    --with_tiles_;
    --under_way_;
  }

 private:
  // Of the memory the part for what the window needs when it widens; the rest is for what its steps
  // load.
  static constexpr double part_for_window = 0.65;
  static constexpr double part_that_waits = 0.25;

  const TaskGraph& graph() const { return state_.job.graph; }

  void add(const Node& node) {
    const Target target = target_of(graph(), node);
    if (window_.reaches(target.place))
      ready_.add(task_of(node));
    else
      window_.add_later(target.place, state_.numbering.number(node));
  }

  std::unique_ptr<Task> task_of(const Node& node) {
    auto task = std::make_unique<Task>();
    task->node = node;
    task->number = state_.numbering.number(node);
    task->target = target_of(graph(), node);
    const Window::Open open = window_.at(task->target.place);
    task->round = open.round;
    task->step = open.steps;
    std::vector<int> first;
    for (int input = 0; input < graph().input_count(node.line); ++input)
      first.push_back(add_reads(*task, input));
    const ir::Statement& s = state_.job.program->statements[static_cast<std::size_t>(node.line)];
    std::size_t input = 0;
    for (const kernel::Parameter& p :
         state_.job.kernels[static_cast<std::size_t>(s.kernel)]->parameters) {
      if (p.role == kernel::Role::inout) task->old.push_back(first[input]);
      if (p.role == kernel::Role::out) task->old.push_back(-1);
      if (p.role != kernel::Role::out && p.role != kernel::Role::scalar) ++input;
    }
    return task;
  }

  // Which of its reads is the first tile of an input; -1 if there is none, or it is made for the
  // task. A run names each tile once, so only what other inputs read can be the same value.
  int add_reads(Task& task, int input) {
    int first = -1;
    bool is_first = true;
    const std::size_t others = task.reads.size();
    graph().sources(task.node, input, [&](const Value& value) {
      const bool is_made = value.is_initial() && state_.unwritten.applies(value.tile().array);
      if (!is_made) {
        Resident& r = residency_.note(value);
        std::size_t k = 0;
        while (k < others && task.reads[k].value != &r) ++k;
        if (k == others) {
          k = task.reads.size();
          task.reads.push_back({.value = &r});
        }
        ++task.reads[k].slots;
        if (is_first) first = static_cast<int>(k);
      }
      is_first = false;
    });
    return first;
  }

  // Whether one more tile may be open: with all that the window needs it must leave room for what
  // its steps load.
  bool may_open() const {
    if (!window_.has_later()) return false;
    const std::int64_t needed = residency_.needed() + window_.untouched_bytes() + bytes_of_next();
    return static_cast<double>(needed) <=
           static_cast<double>(residency_.budget().all()) * part_for_window;
  }

  std::int64_t bytes_of_next() const {
    const Node node = state_.numbering.node(window_.next());
    return sizes().of_tile(graph().output(node, target_of(graph(), node).slot).array);
  }

  void advance() {
    window_.advance(bytes_of_next(),
                    [&](std::int64_t task) { ready_.add(task_of(state_.numbering.node(task))); });
    residency_.reach(window_.front());
  }

  // Tiles that are opened together go through their steps together, and share what these load. So
  // the window waits until most of them are closed.
  void widen() {
    if (static_cast<double>(window_.open()) > opened_ * part_that_waits) return;
    window_.begin_round();
    while (may_open()) advance();
    opened_ = static_cast<double>(window_.open());
  }

  // One that has its tiles or, while all workers have enough to do, one whose tiles are to be
  // brought.
  std::unique_ptr<Task> choose() {
    const bool brings = with_tiles_ >= workers_;
    std::unique_ptr<Task> task = choose(brings);
    return task ? std::move(task) : choose(!brings);
  }
  std::unique_ptr<Task> choose(bool brings) {
    Task* const task = ready_.first(brings);
    if (task == nullptr || !residency_.has_room(*task, Residency::Price::low)) return {};
    return taken(*task);
  }

  // Nobody is under way: somebody must go on, whatever it costs.
  std::unique_ptr<Task> go_on() {
    using Price = Residency::Price;
    for (Price price = Price::high;; price = Price::any) {
      for (bool moves = true; moves; moves = window_.has_later()) {
        if (ready_.empty() && window_.has_later()) advance();
        if (Task* const task = ready_.find([&](Task& t) { return residency_.has_room(t, price); }))
          return taken(*task);
        if (window_.has_later()) advance();
      }
      if (price == Price::any) throw too_little();
    }
  }

  std::unique_ptr<Task> taken(Task& task) {
    std::unique_ptr<Task> own = ready_.take(task);
    residency_.admit(*own);
    return own;
  }

  void add_result(Task& task, int slot) {
    const Value value = Value::of(task.node, slot);
    const int array = graph().output(task.node, slot).array;
    const auto& store = state_.job.arrays[static_cast<std::size_t>(array)];
    const bool is_final = graph().is_final(task.node, slot);
    if (slot == task.target.slot && (is_final || !store)) window_.close(task.target.place);
    const std::int64_t readers = state_.left.reader_count(value);
    if (readers > 0) residency_.add(task, value, readers, is_final && store->rereads());
  }

  input_error too_little() const {
    return input_error(
        text({"lambdapack: the run of ", state_.job.program->name, " has room for ",
              bytes_text(residency_.budget().all()),
              " of tiles, and its next task needs more: its tiles have up to ",
              bytes_text(sizes().largest()), "; give it more memory, or use smaller tiles"}));
  }

  RunState& state_;
  detail::ArrivalCounts pending_;
  Turns turns_;
  ReadyTasks ready_;
  Residency residency_;
  Window window_;
  double opened_ = 1;  // tiles that were open when the last round began
  const int workers_;
  const int most_under_way_;
  int under_way_ = 0;   // tasks that have been chosen and have not finished
  int with_tiles_ = 0;  // those of them that have their tiles
};

}  // namespace lambdapack::exec::streaming
