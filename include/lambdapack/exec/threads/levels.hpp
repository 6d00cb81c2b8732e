// How urgent a task is, as a small integer.
#pragma once

#include <algorithm>
#include <cstddef>
#include <variant>
#include <vector>

#include "lambdapack/exec/detail/boxes.hpp"
#include "lambdapack/exec/detail/table.hpp"
#include "lambdapack/exec/job.hpp"
#include "lambdapack/exec/numbering.hpp"
#include "lambdapack/exec/ranks.hpp"
#include "lambdapack/exec/threads/ready_nodes.hpp"

namespace lambdapack::exec {

/// Levels of ReadyNodes for a job's tasks: by their ranks, one level for each rank if there are as
/// many. Of a graph that is too large for arrays by the program's order: what is on the longest
/// path matters little where so much is ready, and the tasks of which some predecessors have
/// finished, of which ranks would let a large part of the graph be, are no more than a few steps of
/// the outer loop have.
class Levels {
 public:
  Levels(const Job& job, const Numbering& numbering)
      : by_rank_(detail::is_dense(numbering.nodes())),
        functions_(by_rank_ ? Ranks::of(job.graph)->at(job.graph.parameters())
                            : program_order(job)) {
    const detail::Boxes boxes(*job.program, job.graph.parameters());
    double highest = 1;
    for (std::size_t s = 0; s < functions_.size(); ++s) {
      const Ranks::Function& f = functions_[s];
      double most = f.constant;
      std::size_t d = 0;
      for (const int loop : ir::loops_around(*job.program, job.program->statements[s].scope)) {
        const detail::Interval& index = boxes.of_loop(loop);
        most += std::max(f.factors[d] * static_cast<double>(index.low),
                         f.factors[d] * static_cast<double>(index.high));
        ++d;
      }
      highest = std::max(highest, most);
    }
    scale_ = std::min(1.0, (ReadyNodes::levels - 1) / highest);
  }

  /// Whether the order bounds how much is alive, and so must be kept.
  bool strict() const { return !by_rank_; }

  int of(const Node& node) const {
    const double rank = functions_[static_cast<std::size_t>(node.line)](node.indices);
    return rank > 0 ? static_cast<int>(std::min(rank * scale_ + 0.5, ReadyNodes::levels - 1.0)) : 0;
  }

 private:
  // The higher, the earlier. A step of an outermost loop counts for one, those of the loops in it
  // for their part of it.
  static std::vector<Ranks::Function> program_order(const Job& job) {
    const detail::Boxes boxes(*job.program, job.graph.parameters());
    std::vector<Ranks::Function> functions;
    double before = 0, steps = 1;
    int outermost = -1;
    for (const ir::Statement& s : job.program->statements) {
      const std::vector<int> loops = ir::loops_around(*job.program, s.scope);
      if (loops.empty() || loops.front() != outermost) {
        before += steps;
        steps = loops.empty() ? 1 : extent(boxes.of_loop(loops.front()));
        outermost = loops.empty() ? -1 : loops.front();
      }
      Ranks::Function f;
      f.constant = -before;
      double part = 1;
      for (std::size_t d = 0; d < loops.size(); ++d) {
        const ir::Loop& loop =
            std::get<ir::Loop>(job.program->scopes[static_cast<std::size_t>(loops[d])].what);
        const detail::Interval index = boxes.of_loop(loops[d]);
        if (d > 0) part /= extent(index);
        const bool down = ir::goes_down(loop.step);
        f.factors[d] = down ? part : -part;
        f.constant -= f.factors[d] * static_cast<double>(down ? index.high : index.low);
      }
      functions.push_back(f);
    }
    for (Ranks::Function& f : functions) f.constant += before + steps;
    return functions;
  }

  static double extent(const detail::Interval& index) {
    return std::max(1.0, static_cast<double>(index.high) - static_cast<double>(index.low) + 1);
  }

  const bool by_rank_;
  std::vector<Ranks::Function> functions_;
  double scale_ = 1;
};

}  // namespace lambdapack::exec
