#include "lpc/outputs.hpp"

#include <algorithm>
#include <iterator>

#include "lambdapack/ir/json.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::lpc {

namespace {

std::string program(const Unit& unit, const Sizes&) { return ir::to_json(unit.program); }

std::string whole(const Unit& unit, const Sizes&) { return metadata(unit); }

std::string relations(const Unit& unit, const Sizes&) { return isl_text(unit); }

// What can be said with sizes and without.
template <std::string (*Write)(const Unit&, const std::optional<Sizes>&)>
std::string maybe_sized(const Unit& unit, const Sizes& sizes) {
  return Write(unit, sizes.empty() ? std::nullopt : std::optional(sizes));
}

constexpr Output outputs[] = {
    {"metadata", "program and task graph for all sizes, as JSON: docs/metadata.md", Sized::never,
     Several::list, whole},
    {"program", "the program alone, without what the analysis finds", Sized::never, Several::list,
     program},
    {"tasks", "the task graph as JSON, all tasks and edges; with --set", Sized::always,
     Several::list, tasks},
    {"dot", "the graph of statements for Graphviz; with --set the graph of tasks", Sized::optional,
     Several::one_after_the_other, maybe_sized<dot>},
    {"svg", "the same as a picture", Sized::optional, Several::refused, maybe_sized<svg>},
    {"isl", "domains, accesses and dependences for isl's own tools", Sized::never,
     Several::one_after_the_other, relations},
    {"report", "counts, dependences, critical path, memory, for people", Sized::optional,
     Several::one_after_the_other, maybe_sized<report>},
    {"header", "a C++ header with the task graphs, for programs without isl: docs/compiled.md",
     Sized::never, Several::together, nullptr, header},
};

constexpr Query queries[] = {
    {"who-reads", "TILE", "which tasks read a tile, 'A(2,1)'", who_reads},
    {"who-writes", "TILE", "which tasks write it", who_writes},
    {"successors", "TASK", "which tasks wait for one, 'syrk[k=0,i=2,j=1]'", successors},
    {"predecessors", "TASK", "which tasks it waits for", predecessors},
    {"in-degree", "TASK", "for how many it waits; a formula for 'syrk', or without --set",
     in_degree},
    {"explain", "TASK", "why a task waits, and for whom", explain},
};

}  // namespace

const Output* output_named(std::string_view name) {
  const Output* found = std::find_if(std::begin(outputs), std::end(outputs),
                                     [&](const Output& o) { return o.name == name; });
  return found == std::end(outputs) ? nullptr : found;
}

std::string output_names() {
  std::string names;
  for (const Output& o : outputs) names += text({names.empty() ? "" : ", ", o.name});
  return names;
}

std::string output_help() {
  std::string lines;
  for (const Output& o : outputs)
    lines += text(
        {"      ", o.name, std::string(12 - std::string_view(o.name).size(), ' '), o.what, "\n"});
  return lines;
}

const Query* query_named(std::string_view name) {
  const auto found = std::find_if(std::begin(queries), std::end(queries),
                                  [&](const Query& q) { return q.name == name; });
  return found == std::end(queries) ? nullptr : found;
}

std::string query_help() {
  std::string lines;
  for (const Query& q : queries) {
    const std::string option = text({"--", q.name, "=", q.subject});
    lines += text({"  ", option, std::string(20 - option.size(), ' '), q.what, "\n"});
  }
  return lines;
}

}  // namespace lambdapack::lpc
