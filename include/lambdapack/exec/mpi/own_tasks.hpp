// The tasks of one rank, one at a time, found in the loops of the program.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "lambdapack/exec/mpi/evaluate.hpp"
#include "lambdapack/exec/mpi/placement.hpp"
#include "lambdapack/graph/task_graph.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::exec::distributed {

/// A walk over the tasks of one statement that a rank runs, in the statement's order, that can be
/// left and taken up again. Where the tile that places them is distributed cyclically, a loop whose
/// index (plus what is fixed outside of it) is an index of that tile steps from one own value to
/// the next; what a function places is walked through in full. The program and the placement must
/// outlive it.
class OwnTasksOf {
 public:
  OwnTasksOf(const ir::Program& program, const std::vector<std::int64_t>& parameters,
             const Placement& placement, int line, int rank)
      : program_(program), placement_(placement), rank_(rank), evaluate_(program, parameters) {
    node_.line = line;
    const ir::Statement& s = program.statements[static_cast<std::size_t>(line)];
    for (int scope = s.scope; scope >= 0; scope = parent(scope)) add_scope(scope);
    std::reverse(levels_.begin(), levels_.end());
    const Distribution& d = by_tile(s).tasks;
    by_function_ = placement.has_rule() || d.is_function();
    if (by_function_) return;
    const ir::Access& access = s.writes[static_cast<std::size_t>(placement.slot(line))];
    if (d.axes().empty() && d.owner({}) != rank) over_ = true;
    for (std::size_t a = 0; a < d.axes().size(); ++a)
      add_test(d.axes()[a], d.group_of(a, rank), access);
  }

  /// The next task; false if there is none left.
  bool next(Node& node) {
    while (advance()) {
      node_.indices.resize(0);
      for (const Level& level : levels_)
        if (level.loop != nullptr) {
          node_.indices.resize(node_.indices.size() + 1);
          node_.indices[node_.indices.size() - 1] = evaluate_.index(level.scope);
        }
      if (by_function_ && placement_.rank_of(node_) != rank_) continue;
      node = node_;
      return true;
    }
    return false;
  }

 private:
  // That an index of the placing tile is one of this rank's; it is known when the level's loop is.
  struct Test {
    const CyclicAxis* axis;
    int wanted;
    const ir::Expr* index;
    std::int64_t coefficient;  // of the level's loop, where a step of it changes the index evenly
  };
  struct Level {
    int scope = -1;
    const ir::Loop* loop = nullptr;  // else it is a guard
    const ir::Condition* guard = nullptr;
    std::vector<Test> tests;
    std::int64_t at = 0, end = 0, step = 1;
  };

  int parent(int scope) const { return program_.scopes[static_cast<std::size_t>(scope)].parent; }

  const ArrayPlace& by_tile(const ir::Statement& s) const {
    return placement_.array(s.writes[static_cast<std::size_t>(placement_.slot(node_.line))].array);
  }

  void add_scope(int scope) {
    const auto& what = program_.scopes[static_cast<std::size_t>(scope)].what;
    Level level;
    level.scope = scope;
    level.loop = std::get_if<ir::Loop>(&what);
    level.guard = std::get_if<ir::Condition>(&what);
    levels_.push_back(std::move(level));
  }

  // The innermost level whose index an expression depends on; -1 if there is none.
  int depth_of(const ir::Expr& e) const {
    int depth = -1;
    for (const ir::Term& t : e.terms) {
      if (t.symbol.kind == ir::Symbol::Kind::function)
        depth = std::max(depth, depth_of(function(t).argument));
      if (t.symbol.kind != ir::Symbol::Kind::loop) continue;
      for (std::size_t l = 0; l < levels_.size(); ++l)
        if (levels_[l].scope == t.symbol.id) depth = std::max(depth, static_cast<int>(l));
    }
    return depth;
  }

  const ir::Function& function(const ir::Term& t) const {
    return program_.functions[static_cast<std::size_t>(t.symbol.id)];
  }

  void add_test(const CyclicAxis& axis, int wanted, const ir::Access& access) {
    const ir::Expr& index = access.subscripts[axis.dimension].at;
    const int depth = depth_of(index);
    if (wanted < 0 || (depth < 0 && axis.group(evaluate_(index)) != wanted)) over_ = true;
    if (wanted < 0 || depth < 0) return;
    Level& level = levels_[static_cast<std::size_t>(depth)];
    std::int64_t coefficient = 0;
    bool even = true;
    for (const ir::Term& t : index.terms) {
      if (t.symbol.kind == ir::Symbol::Kind::loop && t.symbol.id == level.scope)
        coefficient = t.coefficient;
      if (t.symbol.kind == ir::Symbol::Kind::function && depth_of(function(t).argument) == depth)
        even = false;
    }
    level.tests.push_back({&axis, wanted, &index, even ? coefficient : 0});
  }

  // Goes to the next combination of indices for which all guards and tests hold.
  bool advance() {
    if (over_) return false;
    std::size_t l = begun_ ? levels_.size() : 0;
    bool forward = !begun_;
    begun_ = true;
    while (true) {
      if (forward && l == levels_.size()) return true;
      if (forward ? enter(levels_[l]) : (l > 0 && again(levels_[l - 1]))) {
        l += forward ? 1 : 0;
        forward = true;
        continue;
      }
      if (!forward) {
        if (l == 0) break;
        --l;
      }
      forward = false;
    }
    over_ = true;
    return false;
  }

  bool enter(Level& level) {
    if (level.loop == nullptr) return evaluate_(*level.guard);
    level.at = evaluate_(level.loop->lower);
    level.end = evaluate_(level.loop->upper);
    level.step = evaluate_(level.loop->step);
    return level.step != 0 && find(level);
  }

  bool again(Level& level) {
    if (level.loop == nullptr) return false;
    level.at += level.step;
    return find(level);
  }

  // The first index from level.at on that passes the tests.
  bool find(Level& level) {
    while (level.step > 0 ? level.at < level.end : level.at > level.end) {
      evaluate_.set(level.scope, level.at);
      const std::int64_t steps = steps_to_own(level);
      if (steps == 0) return true;
      level.at += steps * level.step;
    }
    return false;
  }

  // How many iterations to go on at least; 0 if this one passes.
  std::int64_t steps_to_own(const Level& level) const {
    std::int64_t steps = 0;
    for (const Test& test : level.tests) {
      const std::int64_t index = evaluate_(*test.index);
      if (test.axis->group(index) == test.wanted) continue;
      const std::int64_t change = test.coefficient * level.step;
      steps = std::max<std::int64_t>(
          steps,
          change == 1 || change == -1 ? test.axis->distance(index, test.wanted, change == 1) : 1);
    }
    return steps;
  }

  const ir::Program& program_;
  const Placement& placement_;
  const int rank_;
  Evaluator evaluate_;
  std::vector<Level> levels_;  // from the outermost scope in
  Node node_;
  bool by_function_ = false;
  bool begun_ = false;
  bool over_ = false;
};

/// A walk over all tasks of a rank: some of each statement in turn, so that none is found only when
/// another's are all behind it.
class OwnTasks {
 public:
  OwnTasks(const ir::Program& program, const std::vector<std::int64_t>& parameters,
           const Placement& placement, int rank) {
    for (std::size_t line = 0; line < program.statements.size(); ++line)
      walks_.push_back(std::make_unique<OwnTasksOf>(program, parameters, placement,
                                                    static_cast<int>(line), rank));
  }

  /// The next task; false if there is none left.
  bool next(Node& node) {
    while (!walks_.empty()) {
      if (turn_ >= walks_.size()) turn_ = 0;
      if (walks_[turn_]->next(node)) {
        if (++taken_ == in_turn) taken_ = 0, ++turn_;
        return true;
      }
      walks_.erase(walks_.begin() + static_cast<std::ptrdiff_t>(turn_));
      taken_ = 0;
    }
    return false;
  }

 private:
  static constexpr int in_turn = 16;
  std::vector<std::unique_ptr<OwnTasksOf>> walks_;
  std::size_t turn_ = 0;
  int taken_ = 0;
};

}  // namespace lambdapack::exec::distributed
