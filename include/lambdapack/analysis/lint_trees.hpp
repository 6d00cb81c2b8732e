// Programs whose edges `lint` cannot compare, since isl alone cannot say what they are.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "lambdapack/analysis/lifted.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/ir/program.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::analysis {

/// Finds where a program first has a power or a logarithm.
class TreePlace {
 public:
  struct Found {
    int function;
    ir::Location location;
  };

  explicit TreePlace(const ir::Program& program) : program_(program) {}

  /// In a loop or guard, else in a statement; nothing if it has none.
  std::optional<Found> find() const {
    for (const ir::Scope& scope : program_.scopes)
      if (const auto f = of_scope(scope)) return Found{*f, scope.location};
    for (const ir::Statement& s : program_.statements) {
      for (const auto* accesses : {&s.writes, &s.reads})
        for (const ir::Access& a : *accesses)
          if (const auto f = of_access(a))
            return Found{*f, a.location.line > 0 ? a.location : s.location};
      for (const ir::Scalar& scalar : s.scalars)
        if (const auto* e = std::get_if<ir::Expr>(&scalar))
          if (const auto f = of(*e)) return Found{*f, s.location};
    }
    return std::nullopt;
  }

 private:
  std::optional<int> of(const ir::Expr& e) const {
    for (const ir::Term& t : e.terms) {
      if (t.symbol.kind != ir::Symbol::Kind::function) continue;
      const ir::Function& f = program_.functions[static_cast<std::size_t>(t.symbol.id)];
      if (is_tree(f)) return t.symbol.id;
      if (const auto inner = of(f.argument)) return inner;
    }
    return std::nullopt;
  }

  std::optional<int> of_scope(const ir::Scope& scope) const {
    if (const auto* loop = std::get_if<ir::Loop>(&scope.what)) {
      for (const ir::Expr* e : {&loop->lower, &loop->upper, &loop->step})
        if (const auto f = of(*e)) return f;
      return std::nullopt;
    }
    for (const auto& all_of : std::get<ir::Condition>(scope.what).any_of)
      for (const ir::Comparison& c : all_of)
        for (const ir::Expr* e : {&c.left, &c.right})
          if (const auto f = of(*e)) return f;
    return std::nullopt;
  }

  std::optional<int> of_access(const ir::Access& access) const {
    for (const ir::Subscript& s : access.subscripts) {
      if (const auto f = of(s.at)) return f;
      if (!s.run) continue;
      for (const ir::Expr* e : {&s.run->end, &s.run->step})
        if (const auto f = of(*e)) return f;
    }
    return std::nullopt;
  }

  static bool is_tree(const ir::Function& f) {
    return f.kind != ir::Function::Kind::quotient && f.kind != ir::Function::Kind::remainder;
  }

  const ir::Program& program_;
};

/// Throws program_error, with the place, if the program has powers or logarithms.
inline void refuse_trees(const ir::Program& program) {
  if (!has_trees(program)) return;
  std::string what = " has some";
  if (const auto found = TreePlace(program).find()) {
    const std::string where = ir::where(found->location);
    what = text({" has ",
                 ir::to_string(program, ir::Symbol{ir::Symbol::Kind::function, found->function}),
                 where.empty() ? "" : " at ", where});
  }
  std::string set;
  for (const ir::Parameter& p : program.parameters) set += text({" --set '", p.name, "=VALUE'"});
  throw program_error(
      text({"lambdapack: declared edges are compared with those of programs without powers and "
            "logarithms only, and ",
            program.name, what, "; compare both at given sizes instead: lpc --emit=tasks", set,
            " writes every task of the program with its edges"}));
}

}  // namespace lambdapack::analysis
