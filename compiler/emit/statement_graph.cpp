// Collects the graph of statements.
#include "emit/statement_graph.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "lambdapack/analysis/relations_text.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/form/count_text.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/report/detail/kernel_colours.hpp"
#include "lambdapack/report/graph_options.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::lpc {

namespace {

std::string count_text(const Unit& unit, const form::CountForm& count) {
  return count.known ? form::to_string(count, unit.forms.parameters) : "counted, no formula";
}

std::vector<std::string> split(const std::string& family) {
  std::vector<std::string> all;
  for (std::size_t at = 0; at < family.size();) {
    const std::size_t end = std::min(family.find("; ", at), family.size());
    all.push_back(family.substr(at, end - at));
    at = end + 2;
  }
  return all;
}

}  // namespace

StatementGraph statement_graph(const Unit& unit) {
  const ir::Program& program = unit.program;
  StatementGraph graph;
  for (std::size_t l = 0; l < program.statements.size(); ++l) {
    const int line = static_cast<int>(l);
    const ir::Statement& s = program.statements[l];
    const std::string& kernel = program.kernels[static_cast<std::size_t>(s.kernel)].name;
    const std::string loops = report::detail::loop_text(program, line);
    graph.nodes.push_back({line, kernel, loops.empty() ? kernel : text({kernel, "[", loops, "]"}),
                           ir::to_string(program, s), report::detail::source_text(program, line),
                           count_text(unit, unit.forms.counts[l])});
  }
  const analysis::RelationsText relations =
      analysis::relations_text(program, unit.forms, analysis::RelationNames::by_position(program));
  for (const form::EdgeFamily& e : unit.forms.edges) {
    StatementEdge edge{e.from, e.to, {}, count_text(unit, e.count)};
    for (const analysis::EdgeRelation& r : relations.edges)
      if (r.from == e.from && r.to == e.to) edge.relations = split(r.family);
    graph.edges.push_back(std::move(edge));
  }
  return graph;
}

TaskGraph drawable_graph(const Unit& unit, const Sizes& sizes) {
  TaskGraph all = graph(unit, sizes);
  const std::int64_t most = GraphOptions().max_tasks, tasks = all.size();
  if (tasks > most)
    throw input_error(
        text({"lpc: ", unit.program.name, " has ", report::detail::grouped(tasks),
              " tasks at these sizes, and a picture shows at most ", report::detail::grouped(most),
              "; draw it at smaller ones, as with "
              "--set n=8, or leave --set out for the graph of its statements"}));
  return all;
}

}  // namespace lambdapack::lpc
