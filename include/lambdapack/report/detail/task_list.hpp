// A small task graph, unrolled: for pictures only.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/graph/task_graph.hpp"
#include "lambdapack/ir/program.hpp"
#include "lambdapack/report/detail/svg.hpp"

namespace lambdapack::report::detail {

/// `to` reads what `from` writes; positions in a list of nodes.
struct Edge {
  std::size_t from = 0;
  std::size_t to = 0;
};

/// All nodes in the program's order, so that every edge leads forward.
struct TaskList {
  std::vector<Node> nodes;
  std::vector<Edge> edges;
};

/// Throws input_error if there are more than `max_tasks` tasks, or if the graph is not the
/// program's.
inline TaskList list_tasks(const ir::Program& program, const TaskGraph& graph,
                           std::int64_t max_tasks) {
  if (static_cast<std::size_t>(graph.statements()) != program.statements.size())
    throw input_error(
        text({"lambdapack: the program ", program.name, " has ", program.statements.size(),
              " statements and the task graph ", graph.statements(),
              "; pass the program that the graph was made from"}));
  TaskList list;
  std::unordered_map<Node, std::size_t, NodeHash> position;
  NodeCursor tasks = graph.tasks();
  for (Node node; tasks.next(node);) {
    if (static_cast<std::int64_t>(list.nodes.size()) >= max_tasks)
      throw input_error(text({"lambdapack: ", program.name, " has more than ", grouped(max_tasks),
                              " tasks at these sizes, too many for a picture; draw it at smaller "
                              "sizes, or raise GraphOptions::max_tasks"}));
    position.emplace(node, list.nodes.size());
    list.nodes.push_back(node);
  }
  for (std::size_t from = 0; from < list.nodes.size(); ++from)
    graph.successors(list.nodes[from], [&](const Node& to) {
      list.edges.push_back({from, position.at(to)});
    });
  return list;
}

}  // namespace lambdapack::report::detail
