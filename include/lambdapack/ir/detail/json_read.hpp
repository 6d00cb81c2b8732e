// A program from a JSON document. docs/metadata.md has the format.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/ir/detail/json_value.hpp"
#include "lambdapack/ir/detail/json_write.hpp"
#include "lambdapack/ir/detail/validate_expr.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::ir::detail {

/// Reads the parts of a program. Ids are checked against the sizes of the lists they point into;
/// what goes beyond (roles, ranks, order) is left to `validate`.
class ProgramReader {
 public:
  explicit ProgramReader(const JsonValue& document) : document_(document) {}

  Program read() {
    check_format();
    document_.expect_only({"format", "version", "name", "files", "parameters", "arrays", "kernels",
                           "functions", "scopes", "statements"});
    parameter_count_ = document_.member("parameters").size();
    array_count_ = document_.member("arrays").size();
    kernel_count_ = document_.member("kernels").size();
    scope_count_ = document_.member("scopes").size();
    function_count_ = document_.member("functions").size();
    files_ =
        list_of(document_.member("files"), [](const JsonValue& file) { return file.string(); });

    Program program;
    program.name = document_.member("name").string();
    program.parameters = list_of(document_.member("parameters"), parameter);
    program.arrays =
        list_of(document_.member("arrays"), [&](const JsonValue& value) { return array(value); });
    program.kernels = list_of(document_.member("kernels"), kernel);
    program.functions = list_of(document_.member("functions"),
                                [&](const JsonValue& value) { return function(value); });
    program.scopes =
        list_of(document_.member("scopes"), [&](const JsonValue& value) { return scope(value); });
    program.statements = list_of(document_.member("statements"),
                                 [&](const JsonValue& value) { return statement(value); });
    return program;
  }

 private:
  void check_format() const {
    const JsonValue format = document_.member("format");
    if (!format.is_string() || format.string() != format_name)
      format.refuse('"' + std::string(format_name) + '"');
    const JsonValue version = document_.member("version");
    if (!version.is_integer() || version.integer(lowest, highest) != format_version)
      version.refuse("version " + std::to_string(format_version) +
                     ", which this lambdapack reads (for another version, use the lambdapack that "
                     "wrote it, or write the program again with this one)");
  }

  static Parameter parameter(const JsonValue& value) {
    value.expect_only({"name"});
    return {value.member("name").string()};
  }

  Array array(const JsonValue& value) const {
    value.expect_only({"name", "element", "rank", "role", "extents", "unwritten"});
    Array array;
    array.name = value.member("name").string();
    array.element = value.member("element").string();
    array.rank = static_cast<int>(value.member("rank").integer(0, max_rank));
    array.role = value.member("role").name_of<ArrayRole>();
    array.extents = list_of(value.member("extents"), [&](const JsonValue& extent) {
      return extent.id(parameter_count_, "a parameter");
    });
    if (value.has("unwritten")) array.unwritten = unwritten(value.member("unwritten"));
    return array;
  }

  Unwritten unwritten(const JsonValue& value) const {
    if (!value.is_string()) return {value.id(kernel_count_, "a kernel, or \"zero\"")};
    if (value.string() != "zero") value.refuse("\"zero\" or a kernel");
    return {};
  }

  Function function(const JsonValue& value) const {
    value.expect_only({"kind", "base", "argument"});
    return {value.member("kind").name_of<Function::Kind>(), number(value.member("base")),
            expr(value.member("argument"))};
  }

  static Kernel kernel(const JsonValue& value) {
    value.expect_only({"name", "parameters", "shapes"});
    return {value.member("name").string(), list_of(value.member("parameters"), kernel_parameter),
            value.has("shapes") ? value.member("shapes").string() : ""};
  }

  static KernelParameter kernel_parameter(const JsonValue& value) {
    value.expect_only({"role", "element"});
    return {value.member("role").name_of<ParameterRole>(), value.member("element").string()};
  }

  Scope scope(const JsonValue& value) const {
    Scope scope;
    if (value.has("when")) {
      value.expect_only({"parent", "when", "location"});
      scope.what = condition(value.member("when"));
    } else {
      value.expect_only({"parent", "loop", "location"});
      scope.what = loop(value.member("loop"));
    }
    scope.parent = value.member("parent").id(scope_count_, "a scope", -1);
    scope.location = location(value, Location{});
    return scope;
  }

  Loop loop(const JsonValue& value) const {
    value.expect_only({"index", "lower", "upper", "step"});
    return {value.member("index").string(), expr(value.member("lower")),
            expr(value.member("upper")), expr(value.member("step"))};
  }

  Condition condition(const JsonValue& value) const {
    return {list_of(value, [&](const JsonValue& all_of) {
      return list_of(all_of, [&](const JsonValue& one) { return comparison(one); });
    })};
  }

  Comparison comparison(const JsonValue& value) const {
    value.expect_size(3, "a comparison [left, relation, right]");
    return {expr(value[0]), value[1].name_of<Relation>(), expr(value[2])};
  }

  Expr expr(const JsonValue& value) const {
    if (value.is_integer()) return {number(value), {}};
    if (!value.is_object())
      value.refuse("an integer, or an object with \"terms\" and \"constant\"");
    value.expect_only({"terms", "constant"});
    return {number(value.member("constant")),
            list_of(value.member("terms"), [&](const JsonValue& t) { return term(t); })};
  }

  Term term(const JsonValue& value) const {
    value.expect_size(3, "a term [coefficient, \"parameter\", \"loop\" or \"function\", id]");
    const auto kind = value[1].name_of<Symbol::Kind>();
    const int id = kind == Symbol::Kind::parameter ? value[2].id(parameter_count_, "a parameter")
                   : kind == Symbol::Kind::loop    ? value[2].id(scope_count_, "a loop")
                                                   : value[2].id(function_count_, "a function");
    return {number(value[0]), {kind, id}};
  }

  static std::int64_t number(const JsonValue& value) {
    return value.integer(-max_magnitude, max_magnitude);
  }

  Statement statement(const JsonValue& value) const {
    value.expect_only(
        {"scope", "kernel", "writes", "reads", "scalars", "location", "reduction", "stoppable"});
    Statement statement;
    statement.scope = value.member("scope").id(scope_count_, "a scope", -1);
    statement.kernel = value.member("kernel").id(kernel_count_, "a kernel");
    statement.location = location(value, Location{});
    const auto read_access = [&](const JsonValue& a) { return access(a, statement.location); };
    statement.writes = list_of(value.member("writes"), read_access);
    statement.reads = list_of(value.member("reads"), read_access);
    statement.scalars =
        list_of(value.member("scalars"), [&](const JsonValue& s) { return scalar(s); });
    statement.reduction = value.has("reduction") && value.member("reduction").boolean();
    statement.stoppable = value.has("stoppable") && value.member("stoppable").boolean();
    return statement;
  }

  Access access(const JsonValue& value, const Location& inherited) const {
    value.expect_only({"array", "subscripts", "location"});
    return {value.member("array").id(array_count_, "an array"),
            list_of(value.member("subscripts"), [&](const JsonValue& s) { return subscript(s); }),
            location(value, inherited)};
  }

  Subscript subscript(const JsonValue& value) const {
    if (!value.has("at")) return {expr(value), {}};
    value.expect_only({"at", "end", "step"});
    return {expr(value.member("at")), Run{expr(value.member("end")), expr(value.member("step"))}};
  }

  Scalar scalar(const JsonValue& value) const {
    value.expect_only({"index", "real", "complex"});
    if (value.has("index")) {
      value.expect_only({"index"});
      return expr(value.member("index"));
    }
    if (value.has("complex")) {
      value.expect_only({"complex"});
      const JsonValue parts = value.member("complex");
      parts.expect_size(2, "[real part, imaginary part]");
      return std::complex<double>(real(parts[0]), real(parts[1]));
    }
    value.expect_only({"real"});
    return real(value.member("real"));
  }

  static double real(const JsonValue& value) {
    if (!value.is_string()) return value.real();
    const std::string text = value.string();
    if (text == "inf") return std::numeric_limits<double>::infinity();
    if (text == "-inf") return -std::numeric_limits<double>::infinity();
    if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
    value.refuse("a number, \"inf\", \"-inf\" or \"nan\"");
  }

  Location location(const JsonValue& value, const Location& inherited) const {
    if (!value.has("location")) return inherited;
    const JsonValue pair = value.member("location");
    pair.expect_size(2, "a location [file, line]");
    const int file = pair[0].id(files_.size(), "a file");
    return {files_[static_cast<std::size_t>(file)],
            static_cast<int>(pair[1].integer(0, std::numeric_limits<int>::max()))};
  }

  static constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
  static constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();

  JsonValue document_;
  std::vector<std::string> files_;
  std::size_t parameter_count_ = 0;
  std::size_t array_count_ = 0;
  std::size_t kernel_count_ = 0;
  std::size_t scope_count_ = 0;
  std::size_t function_count_ = 0;
};

}  // namespace lambdapack::ir::detail
