// What a report says of a graph at given sizes.
#pragma once

#include <cstdint>
#include <string>

#include "emit/emit.hpp"
#include "lambdapack/graph/task_graph.hpp"

namespace lambdapack::lpc {

/// The most tasks that a report lists.
inline constexpr std::int64_t most_tasks = 1'000'000;

/// The critical path, the parallelism, how many tasks may run at a time, how long values live, and
/// what is read along each family. A text that says why, where there are too many tasks to list.
std::string measures_text(const Unit& unit, const TaskGraph& graph);

}  // namespace lambdapack::lpc
