// Graphs in the language of Graphviz.
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "emit/emit.hpp"
#include "emit/statement_graph.hpp"
#include "lambdapack/report/detail/kernel_colours.hpp"
#include "lambdapack/report/graph_dot.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::lpc {

using report::detail::colour;
using report::detail::dot_quoted;
using report::detail::KernelColours;

namespace {

/// Lines between double quotes, each ended by Graphviz's own mark for a line.
std::string label(const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& line : lines) {
    const std::string quoted = dot_quoted(line);
    all += (all.empty() ? "" : "\\n") + quoted.substr(1, quoted.size() - 2);
  }
  return '"' + all + '"';
}

}  // namespace

std::string statements_dot(const Unit& unit) {
  const StatementGraph graph = statement_graph(unit);
  const KernelColours kernels(unit.program);
  std::string all =
      text({"digraph ", dot_quoted(unit.program.name),
            " {\n  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\"];\n"
            "  edge [fontname=\"Helvetica\", fontsize=10];\n"});
  for (const StatementNode& n : graph.nodes) {
    std::vector<std::string> lines{n.task, n.text};
    if (!n.source.empty()) lines.push_back(n.source);
    lines.push_back("tasks: " + n.count);
    all += text({"  ", n.line, " [label=", label(lines), ", color=\"",
                 colour(kernels.slot(n.line)).strong, "\", fillcolor=\"",
                 colour(kernels.slot(n.line)).pale, "\"];\n"});
  }
  for (const StatementEdge& e : graph.edges) {
    std::vector<std::string> lines = e.relations;
    lines.push_back("edges: " + e.count);
    all += text({"  ", e.from, " -> ", e.to, " [label=", label(lines), ", color=\"",
                 colour(kernels.slot(e.from)).strong, "\"];\n"});
  }
  return all + "}\n";
}

std::string dot(const Unit& unit, const std::optional<Sizes>& sizes) {
  if (!sizes) return statements_dot(unit);
  return graph_dot(unit.program, drawable_graph(unit, *sizes));
}

}  // namespace lambdapack::lpc
