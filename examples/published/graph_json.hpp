// Task graphs as JSON: unrolled, or counted.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <lambdapack/lambdapack.hpp>

namespace published {

/// The program's name and sizes, as the members "program" and "parameters" of an object that stays
/// open.
inline void write_head(std::ostream& out, std::string_view program,
                       const std::vector<std::string_view>& names,
                       const std::vector<std::int64_t>& sizes) {
  out << "{\"program\": \"" << program << "\", \"parameters\": {";
  for (std::size_t k = 0; k < names.size(); ++k)
    out << (k > 0 ? ", \"" : "\"") << names[k] << "\": " << sizes[k];
  out << "},\n";
}

/// The members "tasks", in the program's order, "edges", pairs of positions in tasks, and "roots".
/// Holds all tasks in memory.
inline void write_unrolled(std::ostream& out, const lp::TaskGraph& graph) {
  std::unordered_map<lp::Node, std::size_t, lp::NodeHash> positions;
  std::vector<lp::Node> tasks;
  graph.for_each_task([&](const lp::Node& node) {
    positions.emplace(node, tasks.size());
    tasks.push_back(node);
  });

  out << " \"tasks\": [";
  const char* separator = "\n  ";
  for (const lp::Node& task : tasks) {
    out << separator << "{\"line\": " << task.line << ", \"kernel\": \"" << graph.kernel(task.line)
        << "\", \"indices\": [";
    for (std::size_t k = 0; k < task.indices.size(); ++k)
      out << (k > 0 ? ", " : "") << task.indices[k];
    out << "]}";
    separator = ",\n  ";
  }

  out << "],\n \"edges\": [";
  separator = "\n  ";
  std::vector<std::size_t> readers;
  for (std::size_t from = 0; from < tasks.size(); ++from) {
    readers.clear();
    graph.successors(tasks[from],
                     [&](const lp::Node& node) { readers.push_back(positions.at(node)); });
    std::sort(readers.begin(), readers.end());
    for (const std::size_t to : readers) {
      out << separator << "[" << from << ", " << to << "]";
      separator = ",\n  ";
    }
  }

  std::vector<std::size_t> roots;
  graph.roots([&](const lp::Node& node) { roots.push_back(positions.at(node)); });
  std::sort(roots.begin(), roots.end());
  out << "],\n \"roots\": [";
  for (std::size_t k = 0; k < roots.size(); ++k) out << (k > 0 ? ", " : "") << roots[k];
  out << "]}\n";
}

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
