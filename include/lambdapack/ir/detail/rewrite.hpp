// The small change of program transformations: index expressions and functions.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <variant>
#include <vector>

#include "lambdapack/ir/expressions.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::ir::detail {

inline Expr expr_of(Symbol symbol) { return {0, {{1, symbol}}}; }

/// a + factor * b.
inline Expr sum(Expr a, const Expr& b, std::int64_t factor = 1) {
  a.constant += factor * b.constant;
  for (const Term& t : b.terms) {
    const auto at = std::find_if(a.terms.begin(), a.terms.end(),
                                 [&](const Term& x) { return x.symbol >= t.symbol; });
    if (at == a.terms.end() || at->symbol != t.symbol)
      a.terms.insert(at, {factor * t.coefficient, t.symbol});
    else if ((at->coefficient += factor * t.coefficient) == 0)
      a.terms.erase(at);
  }
  return a;
}

inline const Function& function_of(const Program& program, Symbol symbol) {
  return program.functions[static_cast<std::size_t>(symbol.id)];
}

/// Whether the value of an expression depends on a loop's index.
inline bool mentions(const Program& program, const Expr& expr, int loop) {
  return std::any_of(expr.terms.begin(), expr.terms.end(), [&](const Term& t) {
    return t.symbol == Symbol{Symbol::Kind::loop, loop} ||
           (t.symbol.kind == Symbol::Kind::function &&
            mentions(program, function_of(program, t.symbol).argument, loop));
  });
}

inline bool mentions(const Program& program, const Access& access, int loop) {
  return std::any_of(access.subscripts.begin(), access.subscripts.end(), [&](const Subscript& s) {
    return mentions(program, s.at, loop) ||
           (s.run && (mentions(program, s.run->end, loop) || mentions(program, s.run->step, loop)));
  });
}

/// The symbol of a function, which is added to the program if it is not there.
inline Symbol symbol_of(Program& program, const Function& function) {
  const auto at = std::find(program.functions.begin(), program.functions.end(), function);
  const auto id = static_cast<int>(at - program.functions.begin());
  if (at == program.functions.end()) program.functions.push_back(function);
  return {Symbol::Kind::function, id};
}

/// Which loops stand for which others.
using Renaming = std::map<int, int>;

/// The expression with other loops in the place of some, in functions too.
inline Expr renamed(Program& program, const Expr& expr, const Renaming& loops) {
  Expr result{expr.constant, {}};
  for (const Term& t : expr.terms) {
    Symbol symbol = t.symbol;
    const auto other = loops.find(symbol.id);
    if (symbol.kind == Symbol::Kind::loop && other != loops.end()) {
      symbol.id = other->second;
    } else if (symbol.kind == Symbol::Kind::function) {
      Function function = function_of(program, symbol);
      function.argument = renamed(program, function.argument, loops);
      symbol = symbol_of(program, function);
    }
    result = sum(std::move(result), expr_of(symbol), t.coefficient);
  }
  return result;
}

inline Access renamed(Program& program, Access access, const Renaming& loops) {
  for (Subscript& s : access.subscripts) {
    s.at = renamed(program, s.at, loops);
    if (s.run)
      s.run = Run{renamed(program, s.run->end, loops), renamed(program, s.run->step, loops)};
  }
  return access;
}

/// Makes room for `count` new scopes from id `at` on: those that were there get higher ids.
inline void make_room(Program& program, int at, int count) {
  const auto move = [&](int& id) {
    if (id >= at) id += count;
  };
  for_each_expr(program, [&](Expr& e) {
    for (Term& t : e.terms)
      if (t.symbol.kind == Symbol::Kind::loop) move(t.symbol.id);
  });
  for (Scope& scope : program.scopes) move(scope.parent);
  for (Statement& s : program.statements) move(s.scope);
  program.scopes.insert(program.scopes.begin() + at, static_cast<std::size_t>(count), Scope{});
}

}  // namespace lambdapack::ir::detail
