// A unit from a metadata document that may come from anybody.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "emit/emit.hpp"
#include "emit/metadata_format.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/form/json.hpp"
#include "lambdapack/ir/content_hash.hpp"
#include "lambdapack/ir/json.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::lpc {

namespace {

using ir::detail::JsonValue;
using ir::detail::list_of;

constexpr int most = std::numeric_limits<int>::max();

void check_format(const JsonValue& document) {
  document.expect_only(
      {"format", "version", "content", "source", "program", "ranges", "relations", "forms"});
  const JsonValue format = document.member("format");
  if (!format.is_string() || format.string() != metadata_format)
    format.refuse(text({"\"", metadata_format, "\""}));
  const JsonValue version = document.member("version");
  if (!version.is_integer() ||
      version.integer(std::numeric_limits<std::int64_t>::min(),
                      std::numeric_limits<std::int64_t>::max()) != metadata_version)
    version.refuse(text({"version ", metadata_version,
                         ", which this lpc reads (for another version, use the lpc that wrote it, "
                         "or compile the program again)"}));
}

SourceRange range(const JsonValue& value) {
  value.expect_only({"file", "from", "to"});
  const JsonValue from = value.member("from"), to = value.member("to");
  from.expect_size(2, "a place [line, column]");
  to.expect_size(2, "a place [line, column]");
  const auto number = [](const JsonValue& v) { return static_cast<int>(v.integer(0, most)); };
  return {value.member("file").string(), number(from[0]), number(from[1]), number(to[0]),
          number(to[1])};
}

// Relations are for others: here they only have to be what the format says.
void check_relations(const JsonValue& relations, const ir::Program& program) {
  relations.expect_only({"sizes", "statements", "flow", "functions", "without_flow"});
  relations.member("sizes").string();
  const auto text_of = [](const JsonValue& v) { return v.string(); };
  const JsonValue statements = relations.member("statements");
  statements.expect_size(program.statements.size(), "a list of the relations of each statement");
  for (std::size_t l = 0; l < program.statements.size(); ++l) {
    const ir::Statement& s = program.statements[l];
    statements[l].expect_only({"domain", "writes", "reads"});
    statements[l].member("domain").string();
    statements[l].member("writes").expect_size(s.writes.size(), "a relation for each output");
    statements[l].member("reads").expect_size(s.reads.size(), "a relation for each input");
    list_of(statements[l].member("writes"), text_of);
    list_of(statements[l].member("reads"), text_of);
  }
  list_of(relations.member("flow"), [&](const JsonValue& f) {
    f.expect_only({"from", "output", "to", "input", "initial", "final", "nodes"});
    f.member("nodes").string();
    if (f.has("from") == f.has("initial")) f.refuse("a member \"from\" or \"initial\"");
    if (f.has("to") == f.has("final")) f.refuse("a member \"to\" or \"final\"");
    const auto line = [&](const char* member, const char* slot) {
      f.member(member).id(program.statements.size(), "a statement");
      return static_cast<int>(f.member(slot).integer(0, most));
    };
    if (f.has("from")) line("from", "output");
    if (f.has("to")) line("to", "input");
    for (const char* array : {"initial", "final"})
      if (f.has(array)) f.member(array).id(program.arrays.size(), "an array");
    return 0;
  });
  if (relations.has("functions")) list_of(relations.member("functions"), text_of);
  if (relations.has("without_flow"))
    list_of(relations.member("without_flow"),
            [&](const JsonValue& a) { return a.id(program.arrays.size(), "an array"); });
}

}  // namespace

Unit from_metadata(std::string_view text) {
  const ir::detail::JsonDocument json(text);
  const JsonValue document = json.root();
  check_format(document);
  Unit unit;
  unit.source = document.member("source").string();
  unit.program = ir::from_json(document.member("program"));
  if (document.member("content").string() != ir::content_hash(unit.program))
    document.member("content").refuse(lambdapack::text(
        {"\"", ir::content_hash(unit.program), "\", the hash of the program that follows"}));
  const JsonValue ranges = document.member("ranges");
  if (ranges.size() != 0)
    ranges.expect_size(unit.program.statements.size(), "no ranges, or one for each statement");
  unit.ranges = list_of(ranges, range);
  check_relations(document.member("relations"), unit.program);
  unit.forms = form::from_json(unit.program, document.member("forms"));
  return unit;
}

}  // namespace lambdapack::lpc
