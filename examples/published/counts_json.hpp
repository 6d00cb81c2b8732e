// Task graphs as JSON: counted, for sizes at which nobody could list the tasks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ostream>

#include <lambdapack/lambdapack.hpp>

namespace published {

/// The members "statements", with the arrays that each writes and its tasks and roots, "tasks" and
/// "roots". Holds no task in memory.
inline void write_counts(std::ostream& out, const lp::ir::Program& program,
                         const lp::TaskGraph& graph) {
  out << " \"statements\": [";
  std::int64_t all_roots = 0;
  for (int line = 0; line < graph.statements(); ++line) {
    std::int64_t roots = 0;
    lp::Node root;
    for (lp::NodeCursor cursor = graph.roots(line); cursor.next(root);) ++roots;
    all_roots += roots;
    out << (line > 0 ? ",\n  " : "\n  ") << "{\"line\": " << line << ", \"kernel\": \""
        << graph.kernel(line) << "\", \"writes\": [";
    const char* separator = "\"";
    for (const lp::ir::Access& write : program.statements[static_cast<std::size_t>(line)].writes) {
      out << separator << graph.array_name(write.array) << "\"";
      separator = ", \"";
    }
    out << "], \"tasks\": " << graph.size(line) << ", \"roots\": " << roots << "}";
  }
  out << "],\n \"tasks\": " << graph.size() << ", \"roots\": " << all_roots << "}\n";
}

}  // namespace published
