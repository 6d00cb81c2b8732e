// Why a task waits, and for whom, in words.
#pragma once

#include <cstddef>
#include <string>

#include "lambdapack/api.hpp"
#include "lambdapack/graph/task_graph.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack {

/// How a task is explained.
struct ExplainOptions {
  /// Most lines for the tiles that the task reads, and for the tasks that read one of its tiles;
  /// of what goes beyond there is only the number.
  std::size_t max_lines = 20;
};

/// What a task does, with its line of the source; the tiles that it reads, each with the task that
/// writes what it sees there; the tiles that it writes, who reads each, and whether it is what the
/// tile holds at the end. Several lines, each ended by a newline. `graph` must be that program's.
/// Throws input_error if it is not, or if there is no such task at its sizes.
LAMBDAPACK_API std::string explain(const ir::Program& program, const TaskGraph& graph,
                                   const Node& node, const ExplainOptions& options = {});

}  // namespace lambdapack

#ifndef LAMBDAPACK_SEPARATE
#include "lambdapack/report/explain_text.hpp"
#endif
