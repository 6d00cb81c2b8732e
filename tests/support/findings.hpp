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

/// Circles of statements of one loop whose nodes, taken together, each read a value of the one
/// before: by their first statements.
class JointChains {
 public:
  explicit JointChains(const ir::Program& program) : program_(program) {}

  void add(Graph graph) {
    for (const auto& [node, waits] : graph.predecessors)
      for (const Node& other : waits) after_[other.line].insert(node.line);
    graphs_.push_back(std::move(graph));
  }

  std::set<int> first_statements() const {
    std::set<int> found;
    for (int line = 0; line < static_cast<int>(program_.statements.size()); ++line) {
      const std::set<int> circle = circle_of(line);
      if (circle.size() > 1 && *circle.begin() == line && have_same_loops(circle) &&
          are_linked(circle))
        found.insert(line);
    }
    return found;
  }

 private:
  std::set<int> reached(int line) const {
    std::set<int> all;
    std::vector<int> open{line};
    while (!open.empty()) {
      const int at = open.back();
      open.pop_back();
      if (!after_.contains(at)) continue;
      for (const int next : after_.at(at))
        if (all.insert(next).second) open.push_back(next);
    }
    return all;
  }

  std::set<int> circle_of(int line) const {
    std::set<int> circle{line};
    for (const int other : reached(line))
      if (reached(other).contains(line)) circle.insert(other);
    return circle;
  }

  std::vector<int> loops(int line) const {
    return ir::loops_around(program_, program_.statements[static_cast<std::size_t>(line)].scope);
  }

  bool have_same_loops(const std::set<int>& lines) const {
    for (const int line : lines)
      if (loops(line) != loops(*lines.begin()) || loops(line).empty()) return false;
    return true;
  }

  bool are_linked(const std::set<int>& lines) const {
    int links = 0;
    for (const Graph& g : graphs_) {
      std::optional<Node> last;
      for (const Node& n : g.order) {
        if (!lines.contains(n.line)) continue;
        const auto waits = g.predecessors.find(n);
        if (last && (waits == g.predecessors.end() || !waits->second.contains(*last))) return false;
        links += last ? 1 : 0;
        last = n;
      }
    }
    return links > 0;
  }

  const ir::Program& program_;
  std::map<int, std::set<int>> after_;
  std::vector<Graph> graphs_;
};

/// The lines of the findings with this number.
inline std::set<int> lines_of(const std::vector<Diagnostic>& found, const std::string& code) {
  std::set<int> lines;
  for (const Diagnostic& d : found)
    if (d.code == code) lines.insert(d.place.line);
  return lines;
}

}  // namespace brute_force
