// Which rank runs a task, and where the tiles of each array are before and after a run.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "lambdapack/exec/mpi/distribution.hpp"
#include "lambdapack/graph/task_graph.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::exec::distributed {

/// An array's tiles: who has their initial contents, who runs the tasks that write them, and who is
/// to have their final contents. Only `tasks` is never replicated.
struct ArrayPlace {
  Distribution initial;
  Distribution tasks;
  Distribution final;

  static ArrayPlace all_at(const Distribution& d) { return {d, d, d}; }
};

/// The ranks of a job's tasks and tiles; the same on every rank. A task runs where the tile lives
/// that its statement is placed by: of the tiles that it writes, one of an array that is bound
/// before one of a temp, then the one whose indices change with the innermost loops, then the
/// first. Safe from any thread.
class Placement {
 public:
  using Rule = std::function<int(const Node&)>;

  /// `arrays` are by position in the program. A rule, if there is one, places all tasks. The
  /// program must outlive it. Throws input_error if a distribution needs more ranks than there are,
  /// or looks at dimensions that its array has not.
  Placement(const ir::Program& program, const TaskGraph& graph, std::vector<ArrayPlace> arrays,
            int ranks, Rule rule = {})
      : program_(&program),
        graph_(graph),
        arrays_(std::move(arrays)),
        ranks_(ranks),
        rule_(std::move(rule)) {
    for (std::size_t a = 0; a < arrays_.size(); ++a)
      for (const Distribution* d : {&arrays_[a].initial, &arrays_[a].tasks, &arrays_[a].final})
        require_fit(program.arrays[a], *d);
    for (const ir::Statement& s : program.statements) {
      slots_.push_back(placing_slot(s));
      turns_.push_back(turns_of(s, slots_.back()));
    }
  }

  int ranks() const { return ranks_; }
  const ArrayPlace& array(int a) const { return arrays_[static_cast<std::size_t>(a)]; }
  /// Whether tasks are placed by a rule, and not by a tile.
  bool has_rule() const { return static_cast<bool>(rule_); }
  /// The output by whose tile the tasks of a statement are placed.
  int slot(int line) const { return slots_[static_cast<std::size_t>(line)]; }

  /// The rank that runs a task. Throws input_error if a user's function gives one that is none.
  int rank_of(const Node& node) const {
    if (rule_) return checked(rule_(node), node);
    const TileName tile = graph_.output(node, slot(node.line));
    return checked(array(tile.array).tasks.owner(tile.indices), node);
  }

  /// How far it is along a run of tasks until the same ranks come again in the same order; 0 if
  /// that is not known.
  std::int64_t period(const NodeRun& run) const {
    const auto line = static_cast<std::size_t>(run.first.line);
    if (rule_ || !turns_[line]) return 0;
    std::int64_t period = 1;
    for (const Turns& turns : *turns_[line]) {
      std::int64_t change = 0;
      for (std::size_t d = 0; d < run.step.size(); ++d) {
        if (run.step[d] != 0 && turns.uneven[d]) return 0;
        change += run.step[d] * turns.change[d];
      }
      const std::int64_t own = turns.cycle / std::gcd(turns.cycle, change);
      if (__builtin_mul_overflow(period / std::gcd(period, own), own, &period)) return 0;
    }
    return period;
  }

  /// The rank that makes a value, or has it before the run; `everywhere` if all have. Throws as
  /// `rank_of` does.
  int source_of(const Value& value) const {
    if (!value.is_initial()) return rank_of(value.node());
    return checked_owner(array(value.tile().array).initial, value.tile());
  }

  /// The rank that is to have a tile at the end; `everywhere` if all are. Throws as `rank_of` does.
  int keeper_of(const TileName& tile) const { return checked_owner(array(tile.array).final, tile); }

 private:
  int checked(int rank, const Node& node) const {
    if (rank >= 0 && rank < ranks_) return rank;
    throw input_error(text({"lambdapack: ", ir::node_name(*program_, node.line, node.indices),
                            " is placed on rank ", rank, ", but there are ", ranks_,
                            " ranks from 0 on; check the function that places it or distributes "
                            "its tiles"}));
  }

  int checked_owner(const Distribution& d, const TileName& tile) const {
    const int rank = d.owner(tile.indices);
    if (d.is_replicated() || (rank >= 0 && rank < ranks_)) return rank;
    throw input_error(
        text({"lambdapack: the distribution of ",
              program_->arrays[static_cast<std::size_t>(tile.array)].name, " gives its tile ",
              tile::to_string(tile.indices), " to rank ", rank, ", but there are ", ranks_,
              " ranks from 0 on; check the function that distributes it"}));
  }

  void require_fit(const ir::Array& array, const Distribution& d) const {
    if (d.ranks() > ranks_)
      throw input_error(text({"lambdapack: the distribution of ", array.name, " is over ",
                              d.ranks(), " ranks, but the run has ", ranks_,
                              "; start more processes, or give it a smaller grid"}));
    if (d.dimensions() > static_cast<std::size_t>(array.rank))
      throw input_error(text(
          {"lambdapack: the distribution of ", array.name, " deals out dimension ",
           static_cast<std::int64_t>(d.dimensions() - 1), ", counted from 0, but the array has ",
           array.rank, "; give it a distribution over dimensions that it has"}));
  }

  // How the placing tile's index along one dimension that is dealt out goes with the loops around a
  // statement, from the outermost in.
  struct Turns {
    std::int64_t cycle = 1;            // of the index, behind which the same ranks come again
    std::vector<std::int64_t> change;  // for each step of a loop
    std::vector<bool> uneven;          // whether that is not all there is to say of a loop
  };

  // For each dimension that is dealt out; nothing for a function.
  std::optional<std::vector<Turns>> turns_of(const ir::Statement& s, int slot) const {
    const ir::Access& access = s.writes[static_cast<std::size_t>(slot)];
    const Distribution& d = array(access.array).tasks;
    if (d.is_function()) return std::nullopt;
    const std::vector<int> around = ir::loops_around(*program_, s.scope);
    std::vector<Turns> all;
    for (const CyclicAxis& axis : d.axes()) {
      Turns turns{axis.block * axis.count, std::vector<std::int64_t>(around.size()),
                  std::vector<bool>(around.size())};
      const std::function<void(const ir::Expr&, bool)> add = [&](const ir::Expr& e, bool inside) {
        for (const ir::Term& t : e.terms) {
          if (t.symbol.kind == ir::Symbol::Kind::function)
            add(program_->functions[static_cast<std::size_t>(t.symbol.id)].argument, true);
          if (t.symbol.kind != ir::Symbol::Kind::loop) continue;
          const auto depth = static_cast<std::size_t>(
              std::find(around.begin(), around.end(), t.symbol.id) - around.begin());
          turns.change[depth] += inside ? 0 : t.coefficient;
          turns.uneven[depth] = turns.uneven[depth] || inside;
        }
      };
      add(access.subscripts[axis.dimension].at, false);
      all.push_back(std::move(turns));
    }
    return all;
  }

  // The depths of the loops that an access depends on, the innermost first.
  std::vector<int> loops_of(const ir::Statement& s, const ir::Access& access) const {
    const std::vector<int> around = ir::loops_around(*program_, s.scope);
    std::vector<int> depths;
    const std::function<void(const ir::Expr&)> add = [&](const ir::Expr& e) {
      for (const ir::Term& t : e.terms) {
        if (t.symbol.kind == ir::Symbol::Kind::function)
          add(program_->functions[static_cast<std::size_t>(t.symbol.id)].argument);
        if (t.symbol.kind == ir::Symbol::Kind::loop)
          depths.push_back(static_cast<int>(std::find(around.begin(), around.end(), t.symbol.id) -
                                            around.begin()));
      }
    };
    for (const ir::Subscript& subscript : access.subscripts) add(subscript.at);
    std::sort(depths.begin(), depths.end(), std::greater<>());
    depths.erase(std::unique(depths.begin(), depths.end()), depths.end());
    return depths;
  }

  int placing_slot(const ir::Statement& s) const {
    int best = 0;
    std::pair<bool, std::vector<int>> highest;
    for (std::size_t k = 0; k < s.writes.size(); ++k) {
      const bool bound =
          program_->arrays[static_cast<std::size_t>(s.writes[k].array)].role != ir::ArrayRole::temp;
      std::pair<bool, std::vector<int>> of_this{bound, loops_of(s, s.writes[k])};
      if (k > 0 && !(highest < of_this)) continue;
      highest = std::move(of_this);
      best = static_cast<int>(k);
    }
    return best;
  }

  const ir::Program* program_;
  TaskGraph graph_;
  std::vector<ArrayPlace> arrays_;
  int ranks_;
  Rule rule_;
  std::vector<int> slots_;
  std::vector<std::optional<std::vector<Turns>>> turns_;  // by line
};

}  // namespace lambdapack::exec::distributed
