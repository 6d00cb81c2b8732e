// The order of a program's functions. They are found as C++ evaluates the operands of its
// operators, which it may do in any order; so that one program is the same from every compiler,
// they are numbered again by where the text first uses them, and those that it does not use are
// left out.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <utility>
#include <variant>
#include <vector>

#include "lambdapack/ir/program.hpp"

namespace lambdapack::detail {

class FunctionNumbering {
 public:
  explicit FunctionNumbering(ir::Program& program)
      : program_(program), old_(std::move(program.functions)), id_(old_.size(), -1) {
    program.functions.clear();
  }

  void renumber() {
    for (ir::Scope& scope : program_.scopes) {
      if (ir::Loop* loop = std::get_if<ir::Loop>(&scope.what)) {
        number(loop->lower);
        number(loop->upper);
        number(loop->step);
        continue;
      }
      for (auto& all_of : std::get<ir::Condition>(scope.what).any_of)
        for (ir::Comparison& one : all_of) {
          number(one.left);
          number(one.right);
        }
    }
    for (ir::Statement& statement : program_.statements) {
      for (ir::Access& access : statement.writes) number(access);
      for (ir::Access& access : statement.reads) number(access);
      for (ir::Scalar& scalar : statement.scalars)
        if (ir::Expr* expr = std::get_if<ir::Expr>(&scalar)) number(*expr);
    }
  }

 private:
  void number(ir::Access& access) {
    for (ir::Subscript& subscript : access.subscripts) {
      number(subscript.at);
      if (!subscript.run) continue;
      number(subscript.run->end);
      number(subscript.run->step);
    }
  }

  void number(ir::Expr& expr) {
    expr.terms = by_symbol(expr);
    for (ir::Term& term : expr.terms)
      if (term.symbol.kind == ir::Symbol::Kind::function) term.symbol.id = new_id(term.symbol.id);
    std::sort(expr.terms.begin(), expr.terms.end(),
              [](const ir::Term& a, const ir::Term& b) { return a.symbol < b.symbol; });
  }

  int new_id(int function) {
    int& id = id_[static_cast<std::size_t>(function)];
    if (id < 0) {
      ir::Function copy = old_[static_cast<std::size_t>(function)];
      number(copy.argument);
      id = static_cast<int>(program_.functions.size());
      program_.functions.push_back(std::move(copy));
    }
    return id;
  }

  // By what the symbols are, not by the numbers of functions.
  std::strong_ordering compare(ir::Symbol a, ir::Symbol b) const {
    if (a == b || a.kind != ir::Symbol::Kind::function || b.kind != ir::Symbol::Kind::function)
      return a <=> b;
    const ir::Function& f = old_[static_cast<std::size_t>(a.id)];
    const ir::Function& g = old_[static_cast<std::size_t>(b.id)];
    if (const auto order = f.kind <=> g.kind; order != 0) return order;
    if (const auto order = f.base <=> g.base; order != 0) return order;
    return compare(f.argument, g.argument);
  }

  std::strong_ordering compare(const ir::Expr& a, const ir::Expr& b) const {
    const std::vector<ir::Term> x = by_symbol(a), y = by_symbol(b);
    for (std::size_t t = 0; t < std::min(x.size(), y.size()); ++t) {
      if (const auto order = compare(x[t].symbol, y[t].symbol); order != 0) return order;
      if (const auto order = x[t].coefficient <=> y[t].coefficient; order != 0) return order;
    }
    if (const auto order = x.size() <=> y.size(); order != 0) return order;
    return a.constant <=> b.constant;
  }

  std::vector<ir::Term> by_symbol(const ir::Expr& e) const {
    std::vector<ir::Term> terms = e.terms;
    std::sort(terms.begin(), terms.end(), [&](const ir::Term& a, const ir::Term& b) {
      return compare(a.symbol, b.symbol) < 0;
    });
    return terms;
  }

  ir::Program& program_;
  std::vector<ir::Function> old_;
  std::vector<int> id_;  // of each old function, or -1
};

}  // namespace lambdapack::detail
