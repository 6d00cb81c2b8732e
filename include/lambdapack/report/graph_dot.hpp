// A small task graph in the language of Graphviz, for those who want to lay it out themselves.
#pragma once

#include <string>
#include <string_view>

#include "lambdapack/graph/task_graph.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/ir/program.hpp"
#include "lambdapack/report/detail/kernel_colours.hpp"
#include "lambdapack/report/detail/svg.hpp"
#include "lambdapack/report/detail/task_list.hpp"
#include "lambdapack/report/graph_options.hpp"

namespace lambdapack {

namespace report::detail {

/// `s` between double quotes, as DOT wants it.
inline std::string dot_quoted(std::string_view s) {
  std::string quoted = "\"";
  for (const char c : s) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
  }
  return quoted + '"';
}

/// `"2:0,1,1"`, the statement's line and the indices: unlike names, unique.
inline std::string dot_id(const Node& node) {
  return text({"\"", node.line, ":", index_text(node.indices), "\""});
}

}  // namespace report::detail

/// The task graph of `program` as DOT text: `dot -Tpdf`. `graph` must be that program's. Throws
/// input_error if there are more tasks than `options.max_tasks`.
inline std::string graph_dot(const ir::Program& program, const TaskGraph& graph,
                             const GraphOptions& options = {}) {
  using namespace report::detail;
  const TaskList tasks = list_tasks(program, graph, options.max_tasks);
  const KernelColours kernels(program);
  std::string s = text({"digraph ", dot_quoted(program.name),
                        " {\n  rankdir=LR;\n  node [shape=box, style=\"rounded,filled\", "
                        "fontname=\"Helvetica\"];\n"});
  for (const Node& node : tasks.nodes) {
    const Colour& c = colour(kernels.slot(node.line));
    std::string label = dot_quoted(kernels.name(node.line));
    const std::string source = dot_quoted(source_text(program, node.line));
    label.insert(label.size() - 1, text({"\\n", index_text(node.indices)}));
    if (source.size() > 2)
      label.insert(label.size() - 1, text({"\\n", source.substr(1, source.size() - 2)}));
    s += text({"  ", dot_id(node), " [label=", label, ", color=\"", c.strong, "\", fillcolor=\"",
               c.pale, "\", tooltip=", dot_quoted(ir::node_name(program, node.line, node.indices)),
               "];\n"});
  }
  for (const Edge& edge : tasks.edges)
    s += text({"  ", dot_id(tasks.nodes[edge.from]), " -> ", dot_id(tasks.nodes[edge.to]),
               " [color=\"", colour(kernels.slot(tasks.nodes[edge.from].line)).strong, "\"];\n"});
  return s + "}\n";
}

}  // namespace lambdapack
