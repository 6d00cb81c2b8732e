// Questions about single tiles and tasks, answered in words.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "emit/emit.hpp"
#include "emit/names.hpp"
#include "lambdapack/analysis/in_degree.hpp"
#include "lambdapack/report/detail/svg.hpp"
#include "lambdapack/report/explain.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::lpc {

namespace {

using report::detail::counted;

/// In the program's order.
void sort(const TaskGraph& graph, std::vector<Node>& nodes) {
  std::sort(nodes.begin(), nodes.end(),
            [&](const Node& a, const Node& b) { return graph.before(a, b); });
}

std::string lines(const Unit& unit, const std::vector<Node>& nodes) {
  std::string all;
  for (const Node& node : nodes) all += text({"  ", node_text(unit, node), "\n"});
  return all;
}

/// `2 tasks read A(1, 0):` and the tasks, or `No task reads A(1, 0)`. `one` and `many` are the
/// verb.
std::string list(const Unit& unit, const TaskGraph& graph, const char* one, const char* many,
                 const std::string& object, std::vector<Node> nodes) {
  if (nodes.empty()) return text({"No task ", one, " ", object, "\n"});
  sort(graph, nodes);
  return text({counted(static_cast<std::int64_t>(nodes.size()), "task"), " ",
               nodes.size() == 1 ? one : many, " ", object, ":\n", lines(unit, nodes)});
}

}  // namespace

std::string who_reads(const Unit& unit, const Sizes& sizes, const std::string& tile) {
  const TaskGraph at = graph(unit, sizes);
  const TileName name = tile_named(unit, at, tile);
  std::vector<Node> readers;
  at.readers(name, [&](const Node& node) { readers.push_back(node); });
  return list(unit, at, "reads", "read", tile_text(unit, name), std::move(readers));
}

std::string who_writes(const Unit& unit, const Sizes& sizes, const std::string& tile) {
  const TaskGraph at = graph(unit, sizes);
  const TileName name = tile_named(unit, at, tile);
  std::vector<Node> writers;
  at.writers(name, [&](const Value& value) { writers.push_back(value.node()); });
  std::string all = list(unit, at, "writes", "write", tile_text(unit, name), std::move(writers));
  if (const std::optional<Value> last = at.writer(name))
    all += text({"At the end it holds what ", node_text(unit, last->node()), " wrote\n"});
  return all;
}

std::string successors(const Unit& unit, const Sizes& sizes, const std::string& node) {
  const TaskGraph at = graph(unit, sizes);
  const Node name = node_named(unit, at, node);
  std::vector<Node> nodes;
  at.successors(name, [&](const Node& n) { nodes.push_back(n); });
  return list(unit, at, "waits for", "wait for", node_text(unit, name), std::move(nodes));
}

std::string predecessors(const Unit& unit, const Sizes& sizes, const std::string& node) {
  const TaskGraph at = graph(unit, sizes);
  const Node name = node_named(unit, at, node);
  std::vector<Node> nodes;
  at.predecessors(name, [&](const Node& n) { nodes.push_back(n); });
  if (nodes.empty()) return text({node_text(unit, name), " waits for no task\n"});
  sort(at, nodes);
  return text({node_text(unit, name), " waits for ",
               counted(static_cast<std::int64_t>(nodes.size()), "task"), ":\n",
               lines(unit, nodes)});
}

std::string in_degree(const Unit& unit, const Sizes& sizes, const std::string& node) {
  const Tasks tasks = tasks_named(unit.program, node);
  const bool is_one = std::all_of(tasks.indices.begin(), tasks.indices.end(),
                                  [](const auto& index) { return index.has_value(); });
  if (is_one && (!sizes.empty() || unit.program.parameters.empty())) {
    const TaskGraph at = graph(unit, sizes);
    const Node name = node_named(unit, at, node);
    return text({node_text(unit, name), " waits for ", counted(at.in_degree(name), "task"), "\n"});
  }
  analysis::TaskValues known{{}, tasks.indices};
  if (!sizes.empty())
    for (const std::int64_t size : parameters(unit, sizes)) known.sizes.emplace_back(size);
  const analysis::InDegree degree =
      analysis::in_degree(unit.program, static_cast<std::size_t>(tasks.line), known);
  return text({"in-degree of ", tasks_text(unit.program, tasks), ": ", to_string(degree), "\n"});
}

std::string explain(const Unit& unit, const Sizes& sizes, const std::string& node) {
  const TaskGraph at = graph(unit, sizes);
  return lambdapack::explain(unit.program, at, node_named(unit, at, node));
}

}  // namespace lambdapack::lpc
