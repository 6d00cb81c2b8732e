// Two programs are one although they number their functions differently.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "lambdapack/ir/program.hpp"

namespace same_functions {

namespace ir = lambdapack::ir;

/// A program whose functions are numbered by what they are, and which has those only that it uses.
/// Divisions of constants are computed, as the language does.
class Renumbered {
 public:
  explicit Renumbered(ir::Program program) : program_(std::move(program)) {
    for (ir::Function& f : program_.functions) compute_divisions(f.argument);
    each_expression([&](ir::Expr& e) { compute_divisions(e); });
    each_expression([&](ir::Expr& e) { see(e); });
    std::vector<ir::Function> functions;
    for (auto& [key, id] : used_) {
      ids_[id] = static_cast<int>(functions.size());
      functions.push_back(program_.functions[static_cast<std::size_t>(id)]);
    }
    for (ir::Function& f : functions) renumber(f.argument);
    each_expression([&](ir::Expr& e) { renumber(e); });
    program_.functions = std::move(functions);
  }

  const ir::Program& program() const { return program_; }

 private:
  /// How deep functions nest in it, and its text; does not depend on numbers of functions.
  using Key = std::pair<int, std::string>;

  template <class F>
  void each_expression(F f) {
    const auto of_accesses = [&](std::vector<ir::Access>& accesses) {
      for (ir::Access& access : accesses)
        for (ir::Subscript& subscript : access.subscripts) {
          f(subscript.at);
          if (subscript.run) f(subscript.run->end), f(subscript.run->step);
        }
    };
    for (ir::Scope& scope : program_.scopes)
      if (auto* loop = std::get_if<ir::Loop>(&scope.what))
        f(loop->lower), f(loop->upper), f(loop->step);
      else
        for (auto& all_of : std::get<ir::Condition>(scope.what).any_of)
          for (ir::Comparison& one : all_of) f(one.left), f(one.right);
    for (ir::Statement& statement : program_.statements) {
      of_accesses(statement.writes);
      of_accesses(statement.reads);
      for (ir::Scalar& scalar : statement.scalars)
        if (auto* e = std::get_if<ir::Expr>(&scalar)) f(*e);
    }
  }

  // Arguments have no such divisions any more.
  void compute_divisions(ir::Expr& e) const {
    std::erase_if(e.terms, [&](const ir::Term& t) {
      if (t.symbol.kind != ir::Symbol::Kind::function) return false;
      const ir::Function& f = program_.functions[static_cast<std::size_t>(t.symbol.id)];
      const bool is_division =
          f.kind == ir::Function::Kind::quotient || f.kind == ir::Function::Kind::remainder;
      if (!is_division || !f.argument.terms.empty()) return false;
      const std::int64_t x = f.argument.constant, rest = ((x % f.base) + f.base) % f.base;
      e.constant +=
          t.coefficient * (f.kind == ir::Function::Kind::remainder ? rest : (x - rest) / f.base);
      return true;
    });
  }

  Key key_of(const ir::Expr& e) const {
    int depth = 0;
    std::vector<std::string> terms = {std::to_string(e.constant)};
    for (const ir::Term& t : e.terms) {
      std::string text = std::to_string(static_cast<int>(t.symbol.kind)) + '.';
      if (t.symbol.kind == ir::Symbol::Kind::function) {
        const Key inner = key_of(program_.functions[static_cast<std::size_t>(t.symbol.id)]);
        depth = std::max(depth, inner.first);
        text += inner.second;
      } else {
        text += std::to_string(t.symbol.id);
      }
      terms.push_back(std::to_string(t.coefficient) + '*' + text);
    }
    std::sort(terms.begin(), terms.end());
    std::string sum;
    for (const std::string& term : terms) sum += ' ' + term;
    return {depth, sum};
  }
  Key key_of(const ir::Function& f) const {
    const auto [depth, text] = key_of(f.argument);
    return {depth + 1, std::to_string(static_cast<int>(f.kind)) + '^' + std::to_string(f.base) +
                           '(' + text + ')'};
  }

  void see(const ir::Expr& e) {
    for (const ir::Term& t : e.terms) {
      if (t.symbol.kind != ir::Symbol::Kind::function) continue;
      const ir::Function& f = program_.functions[static_cast<std::size_t>(t.symbol.id)];
      used_[key_of(f)] = t.symbol.id;
      see(f.argument);
    }
  }

  void renumber(ir::Expr& e) const {
    for (ir::Term& t : e.terms)
      if (t.symbol.kind == ir::Symbol::Kind::function) t.symbol.id = ids_.at(t.symbol.id);
    std::sort(e.terms.begin(), e.terms.end(),
              [](const ir::Term& a, const ir::Term& b) { return a.symbol < b.symbol; });
  }

  ir::Program program_;
  std::map<Key, int> used_;
  std::map<int, int> ids_;
};

inline ir::Program renumbered(ir::Program program) {
  return Renumbered(std::move(program)).program();
}

}  // namespace same_functions
