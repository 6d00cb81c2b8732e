// All index expressions of a program.
#pragma once

#include <variant>

#include "lambdapack/ir/location.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::ir {

/// Calls f(expression, location) for every expression of a program, which may be const: bounds and
/// conditions first, then statement by statement. Arguments of functions come last, and have no
/// location of their own.
template <class P, class F>
void for_each_expr_at(P& program, F f) {
  for (auto& scope : program.scopes) {
    if (auto* loop = std::get_if<Loop>(&scope.what)) {
      for (auto* e : {&loop->lower, &loop->upper, &loop->step}) f(*e, scope.location);
      continue;
    }
    for (auto& all_of : std::get<Condition>(scope.what).any_of)
      for (auto& c : all_of)
        for (auto* e : {&c.left, &c.right}) f(*e, scope.location);
  }
  for (auto& s : program.statements) {
    for (auto* accesses : {&s.writes, &s.reads})
      for (auto& a : *accesses) {
        const Location& at = a.location.line > 0 ? a.location : s.location;
        for (auto& i : a.subscripts) {
          f(i.at, at);
          if (i.run) f(i.run->end, at), f(i.run->step, at);
        }
      }
    for (auto& scalar : s.scalars)
      if (auto* e = std::get_if<Expr>(&scalar)) f(*e, s.location);
  }
  for (auto& function : program.functions) f(function.argument, Location{});
}

/// The same without locations: f(expression).
template <class P, class F>
void for_each_expr(P& program, F f) {
  for_each_expr_at(program, [&](auto& e, const Location&) { f(e); });
}

}  // namespace lambdapack::ir
