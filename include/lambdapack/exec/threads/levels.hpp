// How urgent a task is, as a small integer.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "lambdapack/exec/detail/boxes.hpp"
#include "lambdapack/exec/job.hpp"
#include "lambdapack/exec/ranks.hpp"
#include "lambdapack/exec/threads/ready_nodes.hpp"

namespace lambdapack::exec {

/// The ranks of a job's tasks, cut to the levels of ReadyNodes: one for each rank, if there are as
/// many.
class Levels {
 public:
  explicit Levels(const Job& job) : functions_(Ranks::of(job.graph)->at(job.graph.parameters())) {
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

  int of(const Node& node) const {
    const double rank = functions_[static_cast<std::size_t>(node.line)](node.indices);
    return rank > 0 ? static_cast<int>(std::min(rank * scale_ + 0.5, ReadyNodes::levels - 1.0)) : 0;
  }

 private:
  std::vector<Ranks::Function> functions_;
  double scale_ = 1;
};

}  // namespace lambdapack::exec
