// Between which values the loop indices of a program lie at given sizes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "lambdapack/form/code.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::exec::detail {

/// The integers from `low` to `high`; none if `high` is below `low`.
struct Interval {
  std::int64_t low = 0;
  std::int64_t high = -1;
  bool operator==(const Interval&) const = default;
};

/// The interval of each loop's index, by interval arithmetic over the bounds: every value that the
/// index takes lies in it, but guards are not looked at, and not every value in it is taken.
class Boxes {
 public:
  Boxes(const ir::Program& program, std::span<const std::int64_t> parameters)
      : program_(program), parameters_(parameters), loops_(program.scopes.size()) {
    for (std::size_t s = 0; s < program.scopes.size(); ++s)
      if (const auto* loop = std::get_if<ir::Loop>(&program.scopes[s].what)) loops_[s] = of(*loop);
  }

  /// The interval of the loop that is scope `scope`.
  const Interval& of_loop(int scope) const { return loops_[static_cast<std::size_t>(scope)]; }

 private:
  Interval of(const ir::Loop& loop) const {
    const Interval lower = of(loop.lower), upper = of(loop.upper);
    if (lower.high < lower.low || upper.high < upper.low) return {};
    return ir::goes_down(loop.step) ? Interval{upper.low + 1, lower.high}
                                    : Interval{lower.low, upper.high - 1};
  }

  Interval of(const ir::Expr& e) const {
    __int128 low = e.constant, high = e.constant;
    for (const ir::Term& t : e.terms) {
      Interval x = of(t.symbol);
      if (x.high < x.low) return {};
      if (t.coefficient < 0) std::swap(x.low, x.high);
      low += static_cast<__int128>(t.coefficient) * x.low;
      high += static_cast<__int128>(t.coefficient) * x.high;
    }
    return {limited(low), limited(high)};
  }

  Interval of(const ir::Symbol& symbol) const {
    const auto id = static_cast<std::size_t>(symbol.id);
    if (symbol.kind == ir::Symbol::Kind::parameter) return {parameters_[id], parameters_[id]};
    if (symbol.kind == ir::Symbol::Kind::loop) return loops_[id];
    const ir::Function& f = program_.functions[id];
    const Interval x = of(f.argument);
    if (x.high < x.low) return {};
    switch (f.kind) {
      case ir::Function::Kind::quotient:
        return {form::floor_div(x.low, f.base), form::floor_div(x.high, f.base)};
      case ir::Function::Kind::remainder:
        return {0, f.base - 1};
      case ir::Function::Kind::power:
        return {form::power(f.base, x.low), form::power(f.base, x.high)};
      case ir::Function::Kind::log_floor:
        return {form::log_floor(f.base, x.low), form::log_floor(f.base, x.high)};
      case ir::Function::Kind::log_ceil:
        break;
    }
    return {form::log_ceil(f.base, x.low), form::log_ceil(f.base, x.high)};
  }

  static std::int64_t limited(__int128 x) {
    constexpr std::int64_t most = std::int64_t{1} << 62;
    return x > most ? most : x < -most ? -most : static_cast<std::int64_t>(x);
  }

  const ir::Program& program_;
  const std::span<const std::int64_t> parameters_;
  std::vector<Interval> loops_;
};

}  // namespace lambdapack::exec::detail
