// Tiles and tasks as people name them on a command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "emit/emit.hpp"
#include "lambdapack/graph/node.hpp"
#include "lambdapack/graph/task_graph.hpp"

namespace lambdapack::lpc {

/// The tile that `A(2,1)` names; a tile of rank 0 is `R()` or `R`. Throws input_error, which lists
/// what there is, unless the unit has such an array and the tile is inside of it at these sizes.
TileName tile_named(const Unit& unit, const TaskGraph& graph, const std::string& name);

/// The task that `syrk[k=0,i=2,j=1]`, `syrk[0,2,1]` or `line 2[0,2,1]` names. Throws input_error,
/// which lists what there is, unless there is exactly one statement of that name and it has such a
/// task at these sizes.
Node node_named(const Unit& unit, const TaskGraph& graph, const std::string& name);

/// Tasks of one statement: all, or those with the indices that are given.
struct Tasks {
  int line = 0;
  std::vector<std::optional<std::int64_t>> indices;
};

/// The tasks that `syrk`, `syrk[0,i,j]` or `line 2[k=0,i=2,j=1]` names, at any sizes. Throws
/// input_error, which lists what there is, unless there is exactly one statement of that name.
Tasks tasks_named(const ir::Program& program, const std::string& name);

/// `syrk[k=0,i,j] at cholesky.cpp:13`.
std::string tasks_text(const ir::Program& program, const Tasks& tasks);

/// `A(2, 1)`.
std::string tile_text(const Unit& unit, const TileName& tile);
/// `syrk[k=0,i=2,j=1] at cholesky.cpp:13`.
std::string node_text(const Unit& unit, const Node& node);

}  // namespace lambdapack::lpc
