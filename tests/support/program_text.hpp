// Programs as C++ source, in lambdapack's language and as ordinary functions over lp::Tiles, for
// whoever reads source.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "lambdapack/ir/print.hpp"
#include "lambdapack/ir/program.hpp"

namespace program_text {

namespace ir = lambdapack::ir;

/// The program as a File has it: its own name, and a name of its own for each loop.
inline ir::Program with_plain_names(ir::Program program) {
  program.name = "program";
  for (std::size_t s = 0; s < program.scopes.size(); ++s)
    if (auto* loop = std::get_if<ir::Loop>(&program.scopes[s].what))
      loop->index = "i" + std::to_string(s);
  return program;
}

/// A program as the text of a function in the language.
class Function {
 public:
  explicit Function(const ir::Program& program) : p_(program) {}
  virtual ~Function() = default;

  std::string text() {
    const std::string begin = declarations();
    block(-1, 1);
    return begin + body_ + "}\n";
  }

 protected:
  /// All that stands before the statements.
  virtual std::string declarations() const {
    std::string parameters, rules;
    for (const ir::Parameter& parameter : p_.parameters)
      if (parameter.name.find('.') == std::string::npos)
        append(parameters, ", ", "lp::Integer " + parameter.name);
    for (const ir::Array& array : p_.arrays) {
      const std::string type = "<double, " + std::to_string(array.rank) + ">";
      const std::string rule = !array.unwritten              ? ""
                               : array.unwritten->kernel < 0 ? "lp::zero"
                                                             : call(array.unwritten->kernel);
      if (array.role == ir::ArrayRole::temp)
        rules += "  auto " + array.name + " = lp::temp" + type + "(\"" + array.name + "\"" +
                 (rule.empty() ? "" : ", " + rule) + ");\n";
      else
        append(parameters, ", ",
               std::string(array.role == ir::ArrayRole::in    ? "lp::In"
                           : array.role == ir::ArrayRole::out ? "lp::Out"
                                                              : "lp::InOut") +
                   type + " " + array.name);
      if (array.role == ir::ArrayRole::out && !rule.empty())
        rules += "  " + array.name + ".unwritten(" + rule + ");\n";
    }
    return "void program(" + parameters + ") {\n" + rules;
  }

  static void append(std::string& list, const char* separator, const std::string& item) {
    list += (list.empty() ? "" : separator) + item;
  }
  static std::string call(int kernel) { return "call" + std::to_string(kernel); }
  static std::string indent(int depth) {
    return std::string(2 * static_cast<std::size_t>(depth), ' ');
  }

  // Functions of constants are none of lp::Expr's, so a constant that is alone is made one.
  virtual std::string text_of(const ir::Expr& e) const {
    return e.terms.empty() ? "lp::Expr(" + std::to_string(e.constant) + ")" : to_string(p_, e);
  }

  std::string text_of(const ir::Condition& condition) const {
    std::string any;
    for (const auto& all_of : condition.any_of) {
      std::string all;
      for (const ir::Comparison& one : all_of)
        append(all, " && ",
               text_of(one.left) + " " + to_string(one.relation) + " " + text_of(one.right));
      append(any, " || ", "(" + all + ")");
    }
    return any;
  }

  /// The first statement at or below a scope.
  std::size_t first_statement(int scope) const {
    for (std::size_t s = 0; s < p_.statements.size(); ++s)
      for (int at = p_.statements[s].scope; at >= 0;
           at = p_.scopes[static_cast<std::size_t>(at)].parent)
        if (at == scope) return s;
    return std::numeric_limits<std::size_t>::max();
  }

  // What stands in a scope, in the order of the text; a scope without statements may stand
  // anywhere between its neighbours.
  void block(int scope, int depth) {
    std::size_t next = 0;
    const auto statements_before = [&](std::size_t end) {
      for (; next < p_.statements.size() && next < end; ++next)
        if (p_.statements[next].scope == scope)
          body_ += indent(depth) + text_of(p_.statements[next]) + ";\n";
    };
    for (int inner = scope + 1; inner < static_cast<int>(p_.scopes.size()); ++inner) {
      if (p_.scopes[static_cast<std::size_t>(inner)].parent != scope) continue;
      const std::size_t first = first_statement(inner);
      if (first < p_.statements.size()) statements_before(first);
      body_ += indent(depth) + head(inner) + " {\n";
      block(inner, depth + 1);
      body_ += indent(depth) + "}\n";
    }
    statements_before(p_.statements.size());
  }

  virtual std::string head(int scope) const {
    const auto& what = p_.scopes[static_cast<std::size_t>(scope)].what;
    if (const auto* condition = std::get_if<ir::Condition>(&what))
      return "if (auto guard" + std::to_string(scope) + " = lp::when(" + text_of(*condition) + "))";
    const auto& loop = std::get<ir::Loop>(what);
    return "for (auto " + loop.index + " : " + range(loop.lower, loop.upper, loop.step) + ")";
  }

  std::string range(const ir::Expr& from, const ir::Expr& end, const ir::Expr& step) const {
    return "lp::range(" + text_of(from) + ", " + text_of(end) + ", " + text_of(step) + ")";
  }

  std::string text_of(const ir::Access& access) const {
    std::string indices;
    for (const ir::Subscript& s : access.subscripts)
      append(indices, ", ", s.run ? range(s.at, s.run->end, s.run->step) : text_of(s.at));
    return p_.arrays[static_cast<std::size_t>(access.array)].name + "(" + indices + ")";
  }

  virtual std::string text_of(const ir::Statement& statement) const {
    std::string written, arguments;
    for (const ir::Access& write : statement.writes) append(written, ", ", text_of(write));
    if (statement.writes.size() > 1) written = "lp::tie(" + written + ")";
    std::size_t read = 0, scalar = 0;
    for (const ir::KernelParameter& parameter :
         p_.kernels[static_cast<std::size_t>(statement.kernel)].parameters) {
      if (parameter.role == ir::ParameterRole::out) continue;
      if (parameter.role == ir::ParameterRole::scalar)
        append(arguments, ", ", text_of(std::get<ir::Expr>(statement.scalars[scalar++])));
      else if (const std::size_t at = read++; at > 0 || !statement.reduction)
        append(arguments, ", ", text_of(statement.reads[at]));
    }
    return written + (statement.reduction ? " += " : " = ") + call(statement.kernel) + "(" +
           arguments + ")";
  }

  const ir::Program& p_;

 private:
  std::string body_;
};

/// A program as the text of an ordinary function over lp::Tiles: see `is_plain`.
class PlainFunction final : public Function {
 public:
  using Function::Function;

 private:
  std::string declarations() const override {
    std::string parameters, temporaries;
    for (const ir::Parameter& parameter : p_.parameters)
      if (parameter.name.find('.') == std::string::npos)
        append(parameters, ", ", "int " + parameter.name);
    for (const ir::Array& array : p_.arrays) {
      const std::string type = "<double, " + std::to_string(array.rank) + ">";
      if (array.role == ir::ArrayRole::temp)
        temporaries += "  lp::TempTiles" + type + " " + array.name +
                       (array.unwritten ? "(lp::zero);\n" : ";\n");
      else
        append(parameters, ", ",
               std::string(array.role == ir::ArrayRole::in    ? "const lp::Tiles"
                           : array.role == ir::ArrayRole::out ? "lp::OutTiles"
                                                              : "lp::Tiles") +
                   type + "& " + array.name);
    }
    return "void program(" + parameters + ") {\n" + temporaries;
  }

  std::string text_of(const ir::Expr& e) const override { return to_string(p_, e); }

  std::string head(int scope) const override {
    const auto& what = p_.scopes[static_cast<std::size_t>(scope)].what;
    if (const auto* condition = std::get_if<ir::Condition>(&what))
      return "if (" + Function::text_of(*condition) + ")";
    const auto& loop = std::get<ir::Loop>(what);
    return "for (int " + loop.index + " = " + text_of(loop.lower) + "; " + loop.index +
           (ir::goes_down(loop.step) ? " > " : " < ") + text_of(loop.upper) + "; " + loop.index +
           " += " + text_of(loop.step) + ")";
  }

  std::string text_of(const ir::Statement& statement) const override {
    const ir::Kernel& kernel = p_.kernels[static_cast<std::size_t>(statement.kernel)];
    std::string arguments;
    std::size_t read = 0, write = 0, scalar = 0;
    for (const ir::KernelParameter& parameter : kernel.parameters) {
      const bool writes =
          parameter.role == ir::ParameterRole::out || parameter.role == ir::ParameterRole::inout;
      if (parameter.role == ir::ParameterRole::scalar)
        append(arguments, ", ", text_of(std::get<ir::Expr>(statement.scalars[scalar++])));
      else
        append(arguments, ", ",
               Function::text_of(writes ? statement.writes[write] : statement.reads[read]));
      write += writes ? 1 : 0;
      read += parameter.role == ir::ParameterRole::in ||
                      parameter.role == ir::ParameterRole::inout ||
                      parameter.role == ir::ParameterRole::in_list
                  ? 1
                  : 0;
    }
    return kernel.name + "(" + arguments + ")";
  }
};

/// Whether an ordinary function can say the same: all kernels are called, and change tiles in
/// place, unwritten tiles of temporaries are zero and others an error, and nothing is computed of
/// constants alone, which C++ would do itself.
inline bool is_plain(const ir::Program& program) {
  for (const ir::Array& array : program.arrays)
    if (array.unwritten && (array.role != ir::ArrayRole::temp || array.unwritten->kernel >= 0))
      return false;
  for (std::size_t k = 0; k < program.kernels.size(); ++k)
    if (std::none_of(program.statements.begin(), program.statements.end(),
                     [&](const ir::Statement& s) { return s.kernel == static_cast<int>(k); }))
      return false;
  for (const ir::Function& function : program.functions)
    if (function.argument.terms.empty()) return false;
  for (const ir::Scope& scope : program.scopes)
    if (const auto* condition = std::get_if<ir::Condition>(&scope.what))
      for (const auto& all_of : condition->any_of)
        for (const ir::Comparison& one : all_of)
          if (one.left.terms.empty() && one.right.terms.empty()) return false;
  for (const ir::Statement& statement : program.statements) {
    std::size_t read = 0, write = 0;
    for (const ir::KernelParameter& parameter :
         program.kernels[static_cast<std::size_t>(statement.kernel)].parameters) {
      if (parameter.role == ir::ParameterRole::inout &&
          statement.reads[read].subscripts != statement.writes[write].subscripts)
        return false;
      if (parameter.role == ir::ParameterRole::inout &&
          statement.reads[read].array != statement.writes[write].array)
        return false;
      const bool is_out = parameter.role == ir::ParameterRole::out;
      if (is_out || parameter.role == ir::ParameterRole::inout) ++write;
      if (!is_out && parameter.role != ir::ParameterRole::scalar) ++read;
    }
  }
  return true;
}

/// A file of programs. Loops, arrays and parameters are called what the programs call them; kernels
/// are functions of float64 tiles and integers, one for each list of parameters.
class File {
 public:
  /// Adds a program as the function `space::program`.
  void add(const ir::Program& program, const std::string& space) {
    text_ += "namespace " + space + " {\n";
    for (std::size_t k = 0; k < program.kernels.size(); ++k)
      text_ += "const auto call" + std::to_string(k) + " = lp::make_kernel(\"" +
               program.kernels[k].name + "\", " + function(program.kernels[k]) + ");\n";
    text_ += Function(program).text() + "}\n\n";
  }

  /// Adds one for which `is_plain` holds as an ordinary function.
  void add_plain(const ir::Program& program, const std::string& space) {
    text_ += "namespace " + space + " {\n";
    for (const ir::Kernel& kernel : program.kernels)
      text_ += "void " + kernel.name + "(" + parameters_of(kernel) + ");\n";
    text_ += PlainFunction(program).text() + "}\n\n";
  }

  std::string text() const {
    std::string functions;
    for (const std::string& one : functions_) functions += one;
    return "#include <cstdint>\n#include <lambdapack/lambdapack.hpp>\n\n" + functions + "\n" +
           text_;
  }

 private:
  /// The name of a function with a kernel's parameters, which the file defines.
  std::string function(const ir::Kernel& kernel) {
    std::string name = "takes";
    for (const ir::KernelParameter& parameter : kernel.parameters)
      name += '_' + std::string(to_string(parameter.role));
    functions_.insert("inline void " + name + "(" + parameters_of(kernel) + ") {}\n");
    return name;
  }

  static std::string parameters_of(const ir::Kernel& kernel) {
    static constexpr const char* types[] = {"lp::in<double>", "lp::out<double>",
                                            "lp::inout<double>", "lp::in_list<double>",
                                            "std::int64_t"};
    std::string parameters;
    for (const ir::KernelParameter& parameter : kernel.parameters)
      parameters += (parameters.empty() ? "" : ", ") +
                    std::string(types[static_cast<std::size_t>(parameter.role)]);
    return parameters;
  }

  std::set<std::string> functions_;
  std::string text_;
};

}  // namespace program_text
