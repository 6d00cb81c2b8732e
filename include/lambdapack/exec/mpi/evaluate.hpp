// The value of a program's index expressions and guards for given loop indices.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "lambdapack/form/code.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::exec::distributed {

/// Evaluates expressions of one program at given sizes. Loops' indices are set by their scopes.
class Evaluator {
 public:
  Evaluator(const ir::Program& program, std::vector<std::int64_t> parameters)
      : program_(&program), parameters_(std::move(parameters)), loops_(program.scopes.size()) {}

  void set(int loop, std::int64_t index) { loops_[static_cast<std::size_t>(loop)] = index; }
  std::int64_t index(int loop) const { return loops_[static_cast<std::size_t>(loop)]; }

  std::int64_t operator()(const ir::Expr& e) const {
    std::int64_t sum = e.constant;
    for (const ir::Term& t : e.terms) sum += t.coefficient * of(t.symbol);
    return sum;
  }

  bool operator()(const ir::Condition& condition) const {
    for (const auto& all_of : condition.any_of) {
      bool holds = true;
      for (const ir::Comparison& c : all_of) holds = holds && this->holds(c);
      if (holds) return true;
    }
    return false;
  }

 private:
  bool holds(const ir::Comparison& c) const {
    const std::int64_t a = (*this)(c.left), b = (*this)(c.right);
    switch (c.relation) {
      case ir::Relation::less:
        return a < b;
      case ir::Relation::less_equal:
        return a <= b;
      case ir::Relation::equal:
        return a == b;
      case ir::Relation::not_equal:
        return a != b;
      case ir::Relation::greater_equal:
        return a >= b;
      case ir::Relation::greater:
        break;
    }
    return a > b;
  }

  std::int64_t of(const ir::Symbol& symbol) const {
    const auto id = static_cast<std::size_t>(symbol.id);
    if (symbol.kind == ir::Symbol::Kind::parameter) return parameters_[id];
    if (symbol.kind == ir::Symbol::Kind::loop) return loops_[id];
    const ir::Function& f = program_->functions[id];
    const std::int64_t x = (*this)(f.argument);
    switch (f.kind) {
      case ir::Function::Kind::quotient:
        return form::floor_div(x, f.base);
      case ir::Function::Kind::remainder:
        return x - f.base * form::floor_div(x, f.base);
      case ir::Function::Kind::power:
        return form::power(f.base, x);
      case ir::Function::Kind::log_floor:
        return form::log_floor(f.base, x);
      case ir::Function::Kind::log_ceil:
        break;
    }
    return form::log_ceil(f.base, x);
  }

  const ir::Program* program_;
  std::vector<std::int64_t> parameters_;
  std::vector<std::int64_t> loops_;
};

}  // namespace lambdapack::exec::distributed
