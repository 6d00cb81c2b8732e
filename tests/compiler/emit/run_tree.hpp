// Runs the tree of a form: what generated C++ does, without a compiler.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "emit/form_tree.hpp"
#include "lambdapack/form/code.hpp"

namespace tree_run {

/// A tuple with its tag.
using Tuple = std::pair<int, std::vector<std::int64_t>>;

class TreeRun {
 public:
  TreeRun(const lambdapack::lpc::FormTree& tree, std::span<const std::int64_t> inputs)
      : values_(inputs.begin(), inputs.end()) {
    values_.resize(static_cast<std::size_t>(tree.variables));
    run(tree.body);
  }
  const std::vector<Tuple>& tuples() const { return tuples_; }

 private:
  std::int64_t& at(int variable) { return values_[static_cast<std::size_t>(variable)]; }

  std::int64_t sum(const lambdapack::lpc::Sum& s) {
    std::int64_t total = s.constant;
    for (const auto& [variable, coefficient] : s.terms) total += coefficient * at(variable);
    return total;
  }

  bool holds(const lambdapack::lpc::Condition& c) {
    using enum lambdapack::lpc::Condition::Kind;
    switch (c.kind) {
      case constant:
        return c.value;
      case test:
        return compares(sum(c.sum), c.sign);
      case all:
        for (const auto& part : c.parts)
          if (!holds(part)) return false;
        return true;
      case any:
        for (const auto& part : c.parts)
          if (holds(part)) return true;
        return false;
      case choice:
        break;
    }
    return holds(holds(c.parts[0]) ? c.parts[1] : c.parts[2]);
  }

  static bool compares(std::int64_t x, lambdapack::lpc::Sign sign) {
    using enum lambdapack::lpc::Sign;
    return sign == negative       ? x < 0
           : sign == not_negative ? x >= 0
           : sign == zero         ? x == 0
                                  : x != 0;
  }

  std::int64_t value(const lambdapack::lpc::Let& let) {
    using enum lambdapack::lpc::Operation;
    namespace form = lambdapack::form;
    const std::int64_t of = sum(let.of), by = sum(let.by);
    switch (let.operation) {
      case floor_div:
        return form::floor_div(of, by);
      case modulo:
        return form::modulo(of, by);
      case modulo_power:
        return form::modulo_power(of, by);
      case smaller:
        return of < by ? of : by;
      case larger:
        return of > by ? of : by;
      case multiply:
        return of * by;
      case power:
        return form::power(by, of);
      case log_floor:
        return form::log_floor(by, of);
      case log_ceil:
        break;
    }
    return form::log_ceil(by, of);
  }

  void run(const lambdapack::lpc::Block& block) {
    for (const lambdapack::lpc::Statement& s : block)
      std::visit([&](const auto& what) { run(what); }, s.what);
  }
  void run(const lambdapack::lpc::Let& let) { at(let.variable) = value(let); }
  void run(const lambdapack::lpc::Declare&) {}
  void run(const lambdapack::lpc::Assign& a) { at(a.variable) = sum(a.value); }
  void run(const lambdapack::lpc::If& choice) {
    run(holds(choice.condition) ? choice.then : choice.otherwise);
  }
  void run(const lambdapack::lpc::For& loop) {
    const std::int64_t last = sum(loop.last), step = sum(loop.step);
    for (std::int64_t x = sum(loop.first); x <= last; x += step) {
      at(loop.variable) = x;
      run(loop.body);
    }
  }
  void run(const lambdapack::lpc::Emit& emit) {
    Tuple t{emit.tag, {}};
    for (const auto& v : emit.values) t.second.push_back(sum(v));
    tuples_.push_back(std::move(t));
  }

  std::vector<std::int64_t> values_;
  std::vector<Tuple> tuples_;
};

}  // namespace tree_run
