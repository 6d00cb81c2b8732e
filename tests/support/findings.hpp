// What can be warned of in a program, by unrolling it: the oracle for findings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lambdapack/ir/diagnostic.hpp"
#include "support/brute_force.hpp"

namespace brute_force {

using lambdapack::Diagnostic;

/// The program with a line of its own for each access: writes of statement s from 100 s + 50 on.
inline ir::Program with_places(ir::Program p) {
  for (std::size_t s = 0; s < p.statements.size(); ++s) {
    const int first = 100 * static_cast<int>(s);
    p.statements[s].location.line = first + 99;
    for (std::size_t k = 0; k < p.statements[s].reads.size(); ++k)
      p.statements[s].reads[k].location.line = first + 1 + static_cast<int>(k);
    for (std::size_t k = 0; k < p.statements[s].writes.size(); ++k)
      p.statements[s].writes[k].location.line = first + 50 + static_cast<int>(k);
  }
  return p;
}

/// The graph, or nothing where the program does what it may not.
inline std::optional<Graph> unrolled(const ir::Program& p, const std::vector<std::int64_t>& sizes) {
  try {
    return Interpreter::run(p, sizes);
  } catch (const Violation&) {
    return std::nullopt;
  }
}

/// The outputs that hold a value that nothing reads, as lines of `with_places`.
inline std::set<int> unread(const Graph& g) {
  std::set<int> lines;
  for (const auto& [output, tile] : g.outputs) {
    const auto value = Value::of(output.first, output.second);
    const auto last = g.final_writer.find(tile);
    if (!g.readers.contains(value) && (last == g.final_writer.end() || last->second != value))
      lines.insert(100 * output.first.line + 50 + output.second);
  }
  return lines;
}

/// Statements whose nodes each read a value of the one before.
struct Chains {
  std::set<int> broken, linked;
  void add(const Graph& g) {
    std::map<int, Node> last;
    for (const Node& n : g.order) {
      if (const auto before = last.find(n.line); before != last.end()) {
        const auto waits = g.predecessors.find(n);
        const bool link = waits != g.predecessors.end() && waits->second.contains(before->second);
        (link ? linked : broken).insert(n.line);
      }
      last.insert_or_assign(n.line, n);
    }
  }
};

/// The lines of the findings with this number.
inline std::set<int> lines_of(const std::vector<Diagnostic>& found, const std::string& code) {
  std::set<int> lines;
  for (const Diagnostic& d : found)
    if (d.code == code) lines.insert(d.place.line);
  return lines;
}

}  // namespace brute_force
