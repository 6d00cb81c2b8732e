#include "lpc/outputs.hpp"

#include <algorithm>
#include <iterator>

#include "lambdapack/ir/json.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::lpc {

namespace {

std::string program(const Unit& unit, const Sizes&) { return ir::to_json(unit.program); }

std::string whole(const Unit& unit, const Sizes&) { return metadata(unit); }

constexpr Output outputs[] = {
    {"metadata", "program and task graph for all sizes, as JSON: docs/metadata.md", Sized::never,
     Several::list, whole},
    {"program", "the program alone, without what the analysis finds", Sized::never,
     Several::list, program},
    {"tasks", "the task graph as JSON, all tasks and edges; with --set", Sized::always,
     Several::list, tasks},
};

const std::vector<Query> queries = {};

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
  const auto found =
      std::find_if(queries.begin(), queries.end(), [&](const Query& q) { return q.name == name; });
  return found == queries.end() ? nullptr : &*found;
}

std::string query_help() {
  std::string lines;
  for (const Query& q : queries)
    lines += text(
        {"  --", q.name, std::string(18 - std::string_view(q.name).size(), ' '), q.what, "\n"});
  return lines;
}

}  // namespace lambdapack::lpc
