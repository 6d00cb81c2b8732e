// A program as JSON text: one line for each array, kernel, scope and statement, so that a person
// can read it and a diff of two programs shows what changed. docs/metadata.md has the format.
#pragma once

#include <algorithm>
#include <complex>
#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "lambdapack/ir/detail/json_text.hpp"
#include "lambdapack/ir/detail/number.hpp"
#include "lambdapack/ir/names.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::ir::detail {

/// The name of the format, and the version of it that this library writes and reads.
inline constexpr const char* format_name = "lambdapack-program";
inline constexpr int format_version = 2;

/// An integer if the expression is constant, or `{"terms":[[1,"loop",0]],"constant":1}`.
inline std::string json_of(const Expr& expr) {
  if (expr.terms.empty()) return std::to_string(expr.constant);
  const auto term_text = [](const Term& term) {
    return '[' + std::to_string(term.coefficient) + ",\"" + to_string(term.symbol.kind) + "\"," +
           std::to_string(term.symbol.id) + ']';
  };
  return JsonObject()
      .add("terms", json_list(expr.terms, term_text))
      .add("constant", expr.constant)
      .text();
}

/// `[[[left, "<", right], ...and], ...or]`.
inline std::string json_of(const Condition& condition) {
  return json_list(condition.any_of, [](const std::vector<Comparison>& all_of) {
    return json_list(all_of, [](const Comparison& one) {
      return '[' + json_of(one.left) + ",\"" + to_string(one.relation) + "\"," +
             json_of(one.right) + ']';
    });
  });
}

inline std::string json_of(const Loop& loop) {
  return JsonObject()
      .add("index", json_quoted(loop.index))
      .add("lower", json_of(loop.lower))
      .add("upper", json_of(loop.upper))
      .add("step", json_of(loop.step))
      .text();
}

inline std::string json_of(const Parameter& parameter) {
  return JsonObject().add("name", json_quoted(parameter.name)).text();
}

/// `unwritten` is left out, `"zero"`, or the id of a kernel.
inline std::string json_of(const Array& array) {
  JsonObject object;
  object.add("name", json_quoted(array.name))
      .add("element", json_quoted(array.element))
      .add("rank", array.rank)
      .add("role", json_quoted(to_string(array.role)))
      .add("extents", json_list(array.extents, [](int id) { return std::to_string(id); }));
  if (array.unwritten && array.unwritten->kernel < 0) object.add("unwritten", json_quoted("zero"));
  if (array.unwritten && array.unwritten->kernel >= 0)
    object.add("unwritten", array.unwritten->kernel);
  return object.text();
}

inline std::string json_of(const Function& function) {
  return JsonObject()
      .add("kind", json_quoted(to_string(function.kind)))
      .add("base", function.base)
      .add("argument", json_of(function.argument))
      .text();
}

inline std::string json_of(const KernelParameter& parameter) {
  return JsonObject()
      .add("role", json_quoted(to_string(parameter.role)))
      .add("element", json_quoted(parameter.element))
      .text();
}

inline std::string json_of(const Kernel& kernel) {
  JsonObject object;
  object.add("name", json_quoted(kernel.name))
      .add("parameters",
           json_list(kernel.parameters, [](const KernelParameter& p) { return json_of(p); }));
  if (!kernel.shapes.empty()) object.add("shapes", json_quoted(kernel.shapes));
  return object.text();
}

/// An expression, or for a run `{"at": ..., "end": ..., "step": ...}`.
inline std::string json_of(const Subscript& subscript) {
  if (!subscript.run) return json_of(subscript.at);
  return JsonObject()
      .add("at", json_of(subscript.at))
      .add("end", json_of(subscript.run->end))
      .add("step", json_of(subscript.run->step))
      .text();
}

/// A number, or `"inf"`, `"-inf"`, `"nan"`, which JSON has no numbers for.
inline std::string json_of_real(double value) {
  const std::string text = real_text(value);
  return text.find_first_of("in") == std::string::npos ? text : '"' + text + '"';
}

/// `{"index": expression}`, `{"real": number}` or `{"complex": [number, number]}`.
inline std::string json_of(const Scalar& scalar) {
  if (const Expr* expr = std::get_if<Expr>(&scalar))
    return JsonObject().add("index", json_of(*expr)).text();
  if (const double* real = std::get_if<double>(&scalar))
    return JsonObject().add("real", json_of_real(*real)).text();
  const std::complex<double>& z = std::get<std::complex<double>>(scalar);
  return JsonObject()
      .add("complex", '[' + json_of_real(z.real()) + ',' + json_of_real(z.imag()) + ']')
      .text();
}

/// Writes the parts that have locations, and collects the files that these name.
class LocatedWriter {
 public:
  std::string json_of_scope(const Scope& scope) {
    JsonObject object;
    object.add("parent", scope.parent);
    if (const Loop* loop = std::get_if<Loop>(&scope.what))
      object.add("loop", json_of(*loop));
    else
      object.add("when", json_of(std::get<Condition>(scope.what)));
    add_location(object, scope.location, Location{});
    return object.text();
  }

  std::string json_of_statement(const Statement& statement) {
    const auto access_text = [&](const Access& access) {
      return json_of_access(access, statement.location);
    };
    JsonObject object;
    object.add("scope", statement.scope)
        .add("kernel", statement.kernel)
        .add("writes", json_list(statement.writes, access_text))
        .add("reads", json_list(statement.reads, access_text))
        .add("scalars", json_list(statement.scalars, [](const Scalar& s) { return json_of(s); }));
    if (statement.reduction) object.add("reduction", "true");
    if (statement.stoppable) object.add("stoppable", "true");
    add_location(object, statement.location, Location{});
    return object.text();
  }

  const std::vector<std::string>& files() const { return files_; }

 private:
  std::string json_of_access(const Access& access, const Location& inherited) {
    JsonObject object;
    object.add("array", access.array)
        .add("subscripts",
             json_list(access.subscripts, [](const Subscript& s) { return json_of(s); }));
    add_location(object, access.location, inherited);
    return object.text();
  }

  /// `[file, line]`, left out where it says no more than `inherited`.
  void add_location(JsonObject& object, const Location& location, const Location& inherited) {
    if (location == inherited) return;
    object.add("location", '[' + std::to_string(file_id(location.file)) + ',' +
                               std::to_string(location.line) + ']');
  }

  std::size_t file_id(const std::string& file) {
    const auto found = std::find(files_.begin(), files_.end(), file);
    const auto id = static_cast<std::size_t>(found - files_.begin());
    if (found == files_.end()) files_.push_back(file);
    return id;
  }

  std::vector<std::string> files_;
};

/// A list with each item on a line of its own.
template <class Item, class Json>
std::string json_lines(const std::vector<Item>& items, Json json) {
  if (items.empty()) return "[]";
  std::string list = json_list(items, json, ",\n  ");
  return "[\n  " + list.substr(1, list.size() - 2) + "\n]";
}

/// The text of a valid program.
inline std::string json_of(const Program& program) {
  const auto plain = [](const auto& item) { return json_of(item); };
  LocatedWriter located;
  const std::string scopes =
      json_lines(program.scopes, [&](const Scope& scope) { return located.json_of_scope(scope); });
  const std::string statements = json_lines(program.statements, [&](const Statement& statement) {
    return located.json_of_statement(statement);
  });
  std::string text = "{\n\"format\":" + json_quoted(format_name);
  text += ",\n\"version\":" + std::to_string(format_version);
  text += ",\n\"name\":" + json_quoted(program.name);
  text += ",\n\"files\":" + json_list(located.files(), json_quoted);
  text += ",\n\"parameters\":" + json_lines(program.parameters, plain);
  text += ",\n\"arrays\":" + json_lines(program.arrays, plain);
  text += ",\n\"kernels\":" + json_lines(program.kernels, plain);
  text += ",\n\"functions\":" + json_lines(program.functions, plain);
  text += ",\n\"scopes\":" + scopes;
  text += ",\n\"statements\":" + statements;
  return text + "\n}\n";
}

}  // namespace lambdapack::ir::detail
