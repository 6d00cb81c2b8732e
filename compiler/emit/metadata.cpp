// All there is to know about a program, as one JSON document.
#include <cstddef>
#include <string>
#include <vector>

#include "emit/emit.hpp"
#include "emit/metadata_format.hpp"
#include "lambdapack/analysis/relations_text.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/form/json.hpp"
#include "lambdapack/ir/content_hash.hpp"
#include "lambdapack/ir/json.hpp"

namespace lambdapack::lpc {

namespace {

using analysis::FlowRelation;
using analysis::RelationsText;
using analysis::StatementRelations;
using ir::detail::json_list;
using ir::detail::json_quoted;
using ir::detail::JsonObject;

std::string pair(int a, int b) { return '[' + std::to_string(a) + ',' + std::to_string(b) + ']'; }

std::string range_json(const SourceRange& r) {
  return JsonObject()
      .add("file", json_quoted(r.file))
      .add("from", pair(r.first_line, r.first_column))
      .add("to", pair(r.last_line, r.last_column))
      .text();
}

std::string statement_json(const StatementRelations& s) {
  return JsonObject()
      .add("domain", json_quoted(s.domain))
      .add("writes", json_list(s.writes, json_quoted))
      .add("reads", json_list(s.reads, json_quoted))
      .text();
}

std::string flow_json(const FlowRelation& f) {
  JsonObject object;
  if (f.from >= 0) object.add("from", f.from).add("output", f.output);
  if (f.to >= 0) object.add("to", f.to).add("input", f.input);
  if (f.from < 0) object.add("initial", -1 - f.from);
  if (f.to < 0) object.add("final", -1 - f.to);
  return object.add("nodes", json_quoted(f.nodes)).text();
}

template <class Item, class Json>
std::string lines(const std::vector<Item>& items, Json json) {
  return items.empty() ? "[]"
                       : "[\n  " + json_list(items, json, ",\n  ").substr(1, std::string::npos);
}

std::string relations_json(const Unit& unit) {
  const RelationsText r = analysis::relations_text(
      unit.program, unit.forms, analysis::RelationNames::by_position(unit.program));
  JsonObject object;
  object.add("sizes", json_quoted(r.sizes))
      .add("statements", lines(r.statements, statement_json))
      .add("flow", lines(r.flow, flow_json));
  if (r.lifted)
    object.add("functions", json_list(r.functions, json_quoted))
        .add("without_flow", json_list(r.without_flow, [](int a) { return std::to_string(a); }));
  return object.text();
}

std::string trimmed(std::string json) {
  json.erase(json.find_last_not_of('\n') + 1);
  return json;
}

}  // namespace

std::string metadata(const Unit& unit) {
  if (!unit.ranges.empty() && unit.ranges.size() != unit.program.statements.size())
    throw internal_error("a unit has some ranges of statements, but not all");
  std::string all = "{\n\"format\":" + json_quoted(metadata_format);
  all += ",\n\"version\":" + std::to_string(metadata_version);
  all += ",\n\"content\":" + json_quoted(ir::content_hash(unit.program));
  all += ",\n\"source\":" + json_quoted(unit.source);
  all += ",\n\"program\":" + trimmed(ir::to_json(unit.program));
  all += ",\n\"ranges\":" + lines(unit.ranges, range_json);
  all += ",\n\"relations\":" + relations_json(unit);
  all += ",\n\"forms\":" + form::to_json(unit.forms);
  return all + "\n}\n";
}

}  // namespace lambdapack::lpc
