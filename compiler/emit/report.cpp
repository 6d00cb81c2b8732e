// What there is to know about a program, for people.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "emit/emit.hpp"
#include "emit/measures.hpp"
#include "emit/names.hpp"
#include "emit/table.hpp"
#include "lambdapack/analysis/in_degree.hpp"
#include "lambdapack/analysis/relations_text.hpp"
#include "lambdapack/form/count_text.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/report/detail/kernel_colours.hpp"
#include "lambdapack/report/detail/svg.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::lpc {

namespace {

using report::detail::counted;
using report::detail::grouped;

std::string formula(const Unit& unit, const form::CountForm& count) {
  return count.known ? form::to_string(count, unit.forms.parameters) : "counted, no formula";
}

/// `syrk[k,i,j]`.
std::string pattern(const Unit& unit, int line) {
  const ir::Statement& s = unit.program.statements[static_cast<std::size_t>(line)];
  const std::string loops = report::detail::loop_text(unit.program, line);
  return text({unit.program.kernels[static_cast<std::size_t>(s.kernel)].name,
               loops.empty() ? "" : "[", loops, loops.empty() ? "" : "]"});
}

std::string statements_text(const Unit& unit, const std::optional<TaskGraph>& graph) {
  Table table(graph ? "rlllr" : "rlll");
  std::vector<std::string> head{"line", "source", "task", "number of tasks"};
  if (graph) head.push_back("here");
  table.add(head);
  for (std::size_t l = 0; l < unit.program.statements.size(); ++l) {
    const int line = static_cast<int>(l);
    std::vector<std::string> row{std::to_string(line),
                                 report::detail::source_text(unit.program, line),
                                 pattern(unit, line), formula(unit, unit.forms.counts[l])};
    if (graph) row.push_back(grouped(graph->size(line)));
    table.add(row);
  }
  if (graph) table.add({"", "", "all", "", grouped(graph->size())});
  return "\nStatements\n" + table.text();
}

std::string in_degrees_text(const Unit& unit) {
  Table table("rll");
  table.add({"line", "task", "waits for"});
  const std::vector<analysis::InDegree> degrees = analysis::in_degrees(unit.program);
  for (std::size_t l = 0; l < degrees.size(); ++l)
    table.add({std::to_string(l), pattern(unit, static_cast<int>(l)), to_string(degrees[l])});
  return "\nIn-degrees\n" + table.text();
}

/// The relations of a family, each on a line of its own.
std::string family_lines(const std::string& family) {
  std::string all;
  for (std::size_t at = 0; at < family.size();) {
    const std::size_t end = std::min(family.find("; ", at), family.size());
    all += text({"            ", family.substr(at, end - at), "\n"});
    at = end + 2;
  }
  return all;
}

std::string edges_text(const Unit& unit, const std::optional<TaskGraph>& graph) {
  const analysis::RelationsText relations = analysis::relations_text(
      unit.program, unit.forms, analysis::RelationNames::by_position(unit.program));
  const auto family = [&](const form::EdgeFamily& e) {
    for (const analysis::EdgeRelation& r : relations.edges)
      if (r.from == e.from && r.to == e.to) return r.family;
    return text({pattern(unit, e.from), " -> ", pattern(unit, e.to)});
  };
  Table table(graph ? "llr" : "ll");
  table.add(graph ? std::vector<std::string>{"lines", "number of edges", "here"}
                  : std::vector<std::string>{"lines", "number of edges"});
  for (const form::EdgeFamily& e : unit.forms.edges) {
    std::vector<std::string> row{text({e.from, " -> ", e.to}), formula(unit, e.count)};
    if (graph) row.push_back(grouped(graph->edges(e)));
    table.add(row);
  }
  if (graph) table.add({"all", "", grouped(graph->edges())});
  std::string all =
      "\nDependences: an edge carries one tile or more, 8 nb^2 bytes each for nb by nb tiles of "
      "float64\n";
  const std::vector<std::string> lines = table.lines();
  for (std::size_t k = 0; k < lines.size(); ++k) {
    all += lines[k];
    if (k > 0 && k <= unit.forms.edges.size()) all += family_lines(family(unit.forms.edges[k - 1]));
  }
  return all;
}

std::string requirements_text(const Unit& unit) {
  std::string all;
  for (const form::Requirement& r : unit.forms.requirements) all += text({"  ", r.otherwise, "\n"});
  return all.empty() ? "" : "\nWhat the sizes must meet\n" + all;
}

/// The number of them and the first few.
template <class Ask>
std::string ends_text(const Unit& unit, const char* what, Ask&& ask) {
  constexpr std::int64_t shown = 4;
  std::int64_t n = 0;
  std::string names;
  ask([&](const Node& node) {
    if (n++ < shown)
      names +=
          text({names.empty() ? "" : ", ", ir::node_name(unit.program, node.line, node.indices)});
  });
  return text({"  ", counted(n, what), n > 0 ? ": " : "", names, n > shown ? ", ..." : "", "\n"});
}

std::string sizes_text(const Unit& unit, const TaskGraph& graph) {
  std::string all;
  for (std::size_t p = 0; p < unit.program.parameters.size(); ++p)
    all += text(
        {all.empty() ? "" : ", ", unit.program.parameters[p].name, " = ", graph.parameters()[p]});
  return all;
}

}  // namespace

std::string report(const Unit& unit, const std::optional<Sizes>& sizes) {
  std::optional<TaskGraph> at;
  if (sizes) at.emplace(graph(unit, *sizes));
  std::string all = unit.program.name;
  if (!unit.source.empty()) all += ", from " + unit.source;
  if (at && !unit.program.parameters.empty()) all += ", at " + sizes_text(unit, *at);
  all += '\n';
  all += statements_text(unit, at) + in_degrees_text(unit) + edges_text(unit, at) +
         requirements_text(unit);
  if (!at) return all;
  if (at->size() > most_tasks) return all + measures_text(unit, *at);
  all += "\nWhere it begins and ends\n";
  all += ends_text(unit, "root", [&](auto&& f) { at->roots(f); });
  all += ends_text(unit, "sink", [&](auto&& f) { at->sinks(f); });
  return all + measures_text(unit, *at);
}

}  // namespace lambdapack::lpc
