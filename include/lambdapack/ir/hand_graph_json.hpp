// Hand-written edges from JSON. docs/lint.md has the format.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/ir/detail/json_value.hpp"
#include "lambdapack/ir/detail/validate_expr.hpp"
#include "lambdapack/ir/hand_graph.hpp"

namespace lambdapack::ir {

namespace detail {

/// Reads the parts of a hand graph. Texts of expressions, and names of statements and sizes, are
/// taken as they are: what they mean depends on the program.
class HandGraphReader {
 public:
  explicit HandGraphReader(const JsonValue& document) : document_(document) {}

  HandGraph read() const {
    check_format();
    document_.expect_only({"format", "version", "sizes", "statements", "out", "in"});
    HandGraph graph;
    if (document_.has("sizes")) graph.sizes = sizes(document_.member("sizes"));
    if (document_.has("statements"))
      graph.statements = list_of(document_.member("statements"), statement);
    if (document_.has("out")) graph.out = list_of(document_.member("out"), family);
    if (document_.has("in")) graph.in = list_of(document_.member("in"), family);
    if (!graph.out && !graph.in) document_.refuse("a member \"out\" or \"in\", or both");
    return graph;
  }

 private:
  void check_format() const {
    const JsonValue format = document_.member("format");
    if (!format.is_string() || format.string() != format_name)
      format.refuse('"' + std::string(format_name) + '"');
    const JsonValue version = document_.member("version");
    if (!version.is_integer() || version.integer(lowest, highest) != 1)
      version.refuse("version 1, which this lambdapack reads");
  }

  static std::vector<SizeAlias> sizes(const JsonValue& value) {
    std::vector<SizeAlias> sizes;
    for (const std::string& name : value.names())
      sizes.push_back({name, value.member(name.c_str()).string()});
    return sizes;
  }

  static StatementName statement(const JsonValue& value) {
    value.expect_only({"name", "line"});
    return {value.member("name").string(), small(value.member("line"))};
  }

  static EdgeFamily family(const JsonValue& value) {
    value.expect_only({"from", "when", "ranges", "to", "value", "input"});
    EdgeFamily family;
    family.from = end(value.member("from"));
    family.to = end(value.member("to"));
    if (value.has("when")) family.when = written(value.member("when"), "a condition");
    if (value.has("ranges")) family.ranges = list_of(value.member("ranges"), range);
    if (value.has("value")) family.value = small(value.member("value"));
    if (value.has("input")) family.input = small(value.member("input"));
    return family;
  }

  static EdgeEnd end(const JsonValue& value) {
    value.expect_only({"statement", "indices"});
    EdgeEnd end;
    const JsonValue statement = value.member("statement");
    if (statement.is_integer())
      end.statement = small(statement);
    else
      end.statement = written(statement, "a statement's name, or its line");
    end.indices = list_of(value.member("indices"), expression);
    return end;
  }

  static EdgeRange range(const JsonValue& value) {
    value.expect_only({"index", "from", "to", "step"});
    EdgeRange range{written(value.member("index"), "a name"), expression(value.member("from")),
                    expression(value.member("to"))};
    if (value.has("step")) range.step = value.member("step").integer(1, max_magnitude);
    return range;
  }

  static std::string expression(const JsonValue& value) {
    if (value.is_integer()) return std::to_string(value.integer(-max_magnitude, max_magnitude));
    return written(value, "an expression");
  }

  static std::string written(const JsonValue& value, const char* what) {
    if (!value.is_string()) value.refuse(what);
    std::string text = value.string();
    if (text.find_first_not_of(" \t") == std::string::npos) value.refuse(what);
    return text;
  }

  static int small(const JsonValue& value) {
    return static_cast<int>(value.integer(0, std::numeric_limits<int>::max()));
  }

  static constexpr const char* format_name = "lambdapack-hand-graph";
  static constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
  static constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();

  JsonValue document_;
};

}  // namespace detail

/// The hand-written edges that `text` describes. Throws input_error, with line and column or with a
/// JSON pointer, unless the text is JSON, and in the format's version 1. What its expressions and
/// names mean is looked at when they are compared with a program.
inline HandGraph hand_graph_from_json(std::string_view text) {
  const detail::JsonDocument document(text, "hand graph");
  return detail::HandGraphReader(document.root()).read();
}

}  // namespace lambdapack::ir
