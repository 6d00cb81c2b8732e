// What is true of powers, logarithms, quotients and remainders without knowing their values: values
// that are equal to others or constant, and inequalities. All of it is exact arithmetic that holds
// for all arguments; it is not the whole truth, which level_search.hpp has.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "lambdapack/analysis/known.hpp"

namespace lambdapack::analysis {

/// Draws conclusions about the functions of one conjunction.
class FunctionFacts {
 public:
  /// Concludes until nothing new comes of it.
  static void conclude(Known& known) {
    for (int round = 0; round < 24 && !known.impossible(); ++round) {
      FunctionFacts facts(known);
      for (int k = 0; k < 2; ++k) {
        known.narrow();
        if (known.impossible()) return;
        facts.inequalities();
      }
      known.narrow();
      if (!facts.equalities()) return;
    }
  }

 private:
  using Kind = FunctionTerm::Kind;
  using Function = AppliedFunction;

  explicit FunctionFacts(Known& known) : known_(known), functions_(known.functions()) {}

  Interval bounds(const Linear& e) const { return known_.bounds.of(e); }
  bool at_least_zero(const Linear& e) const { return known_.at_least_zero(e); }

  void fact(const Linear& at_least_zero) {
    if (!at_least_zero.is_constant() || at_least_zero.constant < 0)
      known_.facts.push_back(at_least_zero);
  }

  void inequalities() {
    known_.facts.clear();
    for (const Function& f : functions_) {
      about_one(f);
      if (is_monotone(f)) about_levels(f);
    }
    for (const Function& f : functions_)
      for (const Function& g : functions_)
        if (f.id != g.id && f.base == g.base) about_two(f, g);
  }

  void about_one(const Function& f) {
    const Linear &x = f.first, &y = f.second, &v = f.value;
    switch (f.kind) {
      case Kind::quotient:
        fact(x.plus(v, -f.base));
        fact(v.times(f.base).plus(f.base - 1).minus(x));
        return;
      case Kind::remainder:
        if (bounds(y).low < 1) return;
        fact(v);
        fact(y.minus(v).plus(-1));
        if (at_least_zero(x)) fact(x.minus(v));
        return;
      case Kind::largest:
        fact(v.minus(x));
        fact(v.minus(y));
        return;
      case Kind::smallest:
        fact(x.minus(v));
        fact(y.minus(v));
        return;
      case Kind::power:
        if (is_below_cut(f)) fact(v.minus(x).plus(-1));
        return;
      case Kind::log_floor:
      case Kind::log_ceil:
        if (bounds(x).low >= 1) fact(x.minus(v).plus(-1));
        return;
    }
  }

  static bool is_monotone(const Function& f) {
    return f.kind == Kind::power || f.kind == Kind::log_floor || f.kind == Kind::log_ceil;
  }

  // Larger exponents have one and the same power.
  bool is_below_cut(const Function& f) const {
    const Interval x = bounds(f.first);
    return x.has_high() && form::power(f.base, x.high) < form::max_power;
  }

  static std::int64_t at(const Function& f, std::int64_t x) {
    return value_of({f.kind, f.base, {}, {}}, x, 0);
  }

  // From bounds on the argument bounds on the value, and back.
  void about_levels(const Function& f) {
    const Interval x = bounds(f.first), y = bounds(f.value);
    fact(f.value.plus(x.has_low() ? -at(f, x.low) : 0));
    if (x.has_high())
      fact(f.value.times(-1).plus(at(f, x.high)));
    else if (f.kind == Kind::power)
      fact(f.value.times(-1).plus(form::max_power));
    if (y.low > 0) fact(f.first.plus(-first_of(f, y.low)));
    const std::int64_t next = y.has_high() ? first_of(f, y.high + 1) : Interval::infinite;
    if (next < Interval::infinite) fact(f.first.times(-1).plus(next - 1));
  }

  // The smallest argument whose value is at least `value`, which is positive.
  static std::int64_t first_of(const Function& f, std::int64_t value) {
    if (f.kind == Kind::power)
      return value > form::max_power ? Interval::infinite : form::log_ceil(f.base, value);
    std::int64_t power = 1;
    for (std::int64_t k = f.kind == Kind::log_floor ? 0 : 1; k < value; ++k)
      if (__builtin_mul_overflow(power, f.base, &power)) return Interval::infinite;
    return f.kind == Kind::log_floor ? power : power + 1;
  }

  void about_two(const Function& f, const Function& g) {
    if (is_monotone(f) && f.kind == g.kind && at_least_zero(g.first.minus(f.first))) {
      fact(g.value.minus(f.value));
      if (f.kind == Kind::power && is_below_cut(g) &&
          at_least_zero(g.first.minus(f.first).plus(-1)))
        fact(g.value.plus(f.value, -f.base));
    }
    if (f.kind != Kind::power || !is_below_cut(f)) return;
    // base^e < x where e < log_ceil(x), and so on.
    if (g.kind == Kind::log_ceil) {
      if (at_least_zero(g.value.minus(f.first).plus(-1))) fact(g.first.minus(f.value).plus(-1));
      if (at_least_zero(f.first.minus(g.value))) fact(f.value.minus(g.first));
    }
    if (g.kind == Kind::log_floor) {
      if (bounds(g.first).low >= 1 && at_least_zero(g.value.minus(f.first)))
        fact(g.first.minus(f.value));
      if (at_least_zero(f.first.minus(g.value).plus(-1))) fact(f.value.minus(g.first).plus(-1));
    }
  }

  // Whether anything is new.
  bool equalities() {
    bool news = false;
    for (const Function& f : functions_) news = is_constant(f) || news;
    for (std::size_t a = 0; a < functions_.size(); ++a)
      for (std::size_t b = 0; b < a; ++b)
        if (functions_[a].kind == functions_[b].kind && functions_[a].base == functions_[b].base)
          news = are_equal(functions_[a], functions_[b]) || news;
    return news;
  }

  bool learn(const Linear& a, const Linear& b) { return known_.learn_equal(a, b); }

  bool is_constant(const Function& f) {
    if (f.first.is_constant() && f.second.is_constant())
      return learn(f.value, Linear::of(value_of({f.kind, f.base, {}, {}}, f.first.constant,
                                                f.second.constant)));
    const Interval x = bounds(f.first), y = bounds(f.value);
    if (is_monotone(f) && x.has_low() && x.has_high() && at(f, x.low) == at(f, x.high))
      return learn(f.value, Linear::of(at(f, x.low)));
    if (y.low == y.high && learn(f.value, Linear::of(y.low))) return true;
    std::int64_t factor = 0;
    switch (f.kind) {
      case Kind::remainder:
        if (bounds(f.second).high < 1) return learn(f.value, f.first);
        if (bounds(f.second).low < 0) return false;
        if (f.first.is_multiple_of(f.second, factor)) return learn(f.value, Linear{});
        if (at_least_zero(f.first) && at_least_zero(f.second.minus(f.first).plus(-1)))
          return learn(f.value, f.first);
        return false;
      case Kind::largest:
      case Kind::smallest: {
        const bool largest = f.kind == Kind::largest;
        if (at_least_zero(f.first.minus(f.second)))
          return learn(f.value, largest ? f.first : f.second);
        if (at_least_zero(f.second.minus(f.first)))
          return learn(f.value, largest ? f.second : f.first);
        return false;
      }
      default:
        return false;
    }
  }

  bool are_equal(const Function& f, const Function& g) {
    if (f.first == g.first && f.second == g.second) return learn(f.value, g.value);
    if (f.kind == Kind::power)
      return f.first.constant < g.first.constant ? are_multiples(f, g) : are_multiples(g, f);
    if (f.kind == Kind::remainder) return divides_too(f, g) || divides_too(g, f);
    return false;
  }

  // base^(e + c) = base^c * base^e.
  bool are_multiples(const Function& low, const Function& high) {
    const Linear difference = high.first.minus(low.first);
    if (!difference.is_constant() || !is_below_cut(high) || bounds(low.first).low < 0) return false;
    return learn(high.value, low.value.times(form::power(low.base, difference.constant)));
  }

  // Remainders of one divisor whose arguments differ by a multiple of it are the same; what is
  // divided without rest by one divisor is so by its factors.
  bool divides_too(const Function& f, const Function& g) {
    std::int64_t factor = 0;
    if (bounds(g.second).low < 0) return false;
    const auto multiple = [&](const Linear& e) { return e.is_multiple_of(g.second, factor); };
    if (f.second == g.second && multiple(f.first.minus(g.first))) return learn(f.value, g.value);
    if (f.value != Linear{} || !multiple(f.second) || factor < 1) return false;
    if (multiple(g.first.minus(f.first)) || multiple(g.first.plus(f.first)))
      return learn(g.value, Linear{});
    return false;
  }

  Known& known_;
  const std::vector<Function> functions_;
};

}  // namespace lambdapack::analysis
