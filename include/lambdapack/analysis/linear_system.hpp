// Equations, congruences and inequalities on a few integers, in 64 bits: what can be said of them
// without isl.
//
// isl decides every question, but each takes it a tenth of a millisecond, and a proof that goes
// through the levels of trees (levels.hpp) has hundreds of cases. Most of them contradict themselves
// in an obvious way: the equations have no integer solution, or bounds cross. Here the solutions of
// the equations and congruences are kept as a lattice, a point and a basis, which is exact; the
// inequalities only narrow the bounds of single variables. So `empty` is right when it says yes.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

namespace lambdapack::analysis {

/// constant + sum of coefficient * variable; variables are numbered, each appears at most once.
struct Linear {
  struct Term {
    std::size_t variable = 0;
    std::int64_t coefficient = 0;
  };

  std::int64_t constant = 0;
  std::vector<Term> terms = {};

  static Linear of(std::int64_t constant) { return {constant, {}}; }
  static Linear variable(std::size_t v) { return {0, {{v, 1}}}; }

  void add(std::size_t variable, std::int64_t coefficient) {
    for (Term& t : terms)
      if (t.variable == variable) {
        t.coefficient += coefficient;
        return;
      }
    terms.push_back({variable, coefficient});
  }

  Linear plus(const Linear& other, std::int64_t factor = 1) const {
    Linear sum = *this;
    sum.constant += factor * other.constant;
    for (const Term& t : other.terms) sum.add(t.variable, factor * t.coefficient);
    return sum;
  }
  Linear minus(const Linear& other) const { return plus(other, -1); }
  Linear plus(std::int64_t number) const { return {constant + number, terms}; }
  Linear times(std::int64_t factor) const { return of(0).plus(*this, factor); }
};

/// A conjunction of constraints, to which more can be added; copies are cheap.
class LinearSystem {
 public:
  /// No constraint on `variables` variables.
  explicit LinearSystem(std::size_t variables)
      : variables_(variables),
        columns_(variables),
        lattice_(variables * (variables + 1)),
        lower_(variables, no_lower),
        upper_(variables, no_upper) {
    for (std::size_t v = 0; v < variables; ++v) column(v)[v] = 1;
  }

  /// Constraints that copies go on sharing, which all later bounds are narrowed by: of each first
  /// that it is zero, of each second that it is not negative.
  void start_with(const std::vector<Linear>& equations, const std::vector<Linear>& inequalities) {
    std::vector<Linear> rows = inequalities;
    for (const Linear& e : equations) {
      solve(e, 0);
      rows.push_back(e);
      rows.push_back(e.times(-1));
    }
    rows_ = std::make_shared<const std::vector<Linear>>(std::move(rows));
    narrow();
  }

  /// `sum` is zero.
  void add_equation(const Linear& sum) {
    solve(sum, 0);
    tighten(sum);
    tighten(sum.times(-1));
  }
  /// `sum` is not negative.
  void add_inequality(const Linear& sum) { tighten(sum); }
  /// `sum` is a multiple of `modulus`, which is positive.
  void add_congruence(const Linear& sum, std::int64_t modulus) { solve(sum, modulus); }

  /// Narrows the bounds of all variables by one another, for a few rounds.
  void narrow() {
    changed_ = true;
    for (int round = 0; round < 4 && changed_ && !empty_; ++round) {
      changed_ = false;
      for (const Linear& row : *rows_) tighten(row);
    }
  }

  /// Whether there is surely no solution.
  bool empty() const { return empty_; }

  /// Whether the equations and congruences leave `sum` no other value than zero.
  bool vanishes(const Linear& sum) const {
    if (empty_) return true;
    if (!exact_) return false;
    bool overflow = false;
    for (std::size_t c = 0; c < columns_; ++c)
      if (value(sum, column(c), 0, overflow) != 0) return false;
    return value(sum, origin(), sum.constant, overflow) == 0 && !overflow;
  }

  /// What `sum` is at least, as far as bounds of single variables tell.
  std::optional<std::int64_t> at_least(const Linear& sum) const {
    const auto most = at_most(sum.times(-1));
    return most ? std::optional(-*most) : std::nullopt;
  }
  std::optional<std::int64_t> at_most(const Linear& sum) const {
    __int128 most = sum.constant;
    for (const Linear::Term& t : sum.terms) {
      if (t.coefficient == 0) continue;
      const std::int64_t bound = far_end(t);
      if (is_open(bound)) return std::nullopt;
      most += static_cast<__int128>(t.coefficient) * bound;
    }
    if (most > far || most < -far) return std::nullopt;
    return static_cast<std::int64_t>(most);
  }

 private:
  static constexpr std::int64_t no_lower = std::numeric_limits<std::int64_t>::min();
  static constexpr std::int64_t no_upper = std::numeric_limits<std::int64_t>::max();
  static constexpr std::int64_t far = std::int64_t{1} << 60;  // bounds beyond are none

  std::int64_t* origin() { return lattice_.data() + variables_ * variables_; }
  const std::int64_t* origin() const { return lattice_.data() + variables_ * variables_; }
  std::int64_t* column(std::size_t c) { return lattice_.data() + c * variables_; }
  const std::int64_t* column(std::size_t c) const { return lattice_.data() + c * variables_; }

  static std::int64_t value(const Linear& sum, const std::int64_t* at, std::int64_t constant,
                            bool& overflow) {
    std::int64_t total = constant;
    for (const Linear::Term& t : sum.terms) {
      std::int64_t product = 0;
      overflow = __builtin_mul_overflow(t.coefficient, at[t.variable], &product) || overflow;
      overflow = __builtin_add_overflow(total, product, &total) || overflow;
    }
    return total;
  }

  // to += factor * from.
  void add_vector(std::int64_t* to, const std::int64_t* from, std::int64_t factor) {
    for (std::size_t v = 0; v < variables_; ++v) {
      std::int64_t product = 0;
      exact_ = !__builtin_mul_overflow(factor, from[v], &product) && exact_;
      exact_ = !__builtin_add_overflow(to[v], product, &to[v]) && exact_;
    }
  }

  // Keeps the points of the lattice at which `sum` is a multiple of `modulus`, or zero if that is 0.
  // From the first overflow on nothing is concluded any more.
  void solve(const Linear& sum, std::int64_t modulus) {
    if (!exact_ || empty_) return;
    bool overflow = false;
    const std::int64_t constant = value(sum, origin(), sum.constant, overflow);
    overflow = overflow || is_far(constant);
    std::vector<std::int64_t> steps(columns_);
    for (std::size_t c = 0; c < columns_; ++c) {
      steps[c] = value(sum, column(c), 0, overflow);
      overflow = overflow || is_far(steps[c]);
    }
    exact_ = !overflow;
    const std::optional<std::size_t> pivot = leave_one(steps);
    if (!exact_) return;
    if (!pivot) {
      empty_ = modulus == 0 ? constant != 0 : constant % modulus != 0;
      return;
    }
    const std::int64_t step = steps[*pivot];
    if (modulus == 0) {
      if (constant % step != 0) {
        empty_ = true;
        return;
      }
      add_vector(origin(), column(*pivot), -(constant / step));
      --columns_;
      if (*pivot != columns_)
        for (std::size_t v = 0; v < variables_; ++v) column(*pivot)[v] = column(columns_)[v];
      return;
    }
    const std::int64_t common = std::gcd(step, modulus);
    if (constant % common != 0) {
      empty_ = true;
      return;
    }
    const std::int64_t period = modulus / common;
    add_vector(origin(), column(*pivot), quotient_modulo(-(constant / common), step / common, period));
    add_vector(column(*pivot), column(*pivot), period - 1);
  }

  // Changes the basis until at most one of its vectors changes the sum: that one, if any.
  std::optional<std::size_t> leave_one(std::vector<std::int64_t>& steps) {
    while (exact_) {
      std::optional<std::size_t> least;
      std::size_t others = 0;
      for (std::size_t c = 0; c < columns_; ++c) {
        if (steps[c] == 0) continue;
        ++others;
        if (!least || magnitude(steps[c]) < magnitude(steps[*least])) least = c;
      }
      if (others <= 1) return least;
      for (std::size_t c = 0; c < columns_; ++c) {
        if (c == *least || steps[c] == 0) continue;
        const std::int64_t times = steps[c] / steps[*least];
        add_vector(column(c), column(*least), -times);
        steps[c] %= steps[*least];
      }
    }
    return std::nullopt;
  }

  static std::uint64_t magnitude(std::int64_t x) {
    return x < 0 ? -static_cast<std::uint64_t>(x) : static_cast<std::uint64_t>(x);
  }

  // x with by * x = number modulo `period`, which has no factor in common with `by`.
  static std::int64_t quotient_modulo(std::int64_t number, std::int64_t by, std::int64_t period) {
    __int128 inverse = 0, next = 1;
    std::int64_t a = period, b = by % period;
    if (b < 0) b += period;
    while (b != 0) {
      const std::int64_t q = a / b;
      a = std::exchange(b, a - q * b);
      inverse = std::exchange(next, inverse - q * next);
    }
    const __int128 x = (static_cast<__int128>(number % period) * inverse) % period;
    return static_cast<std::int64_t>(x < 0 ? x + period : x);
  }

  static bool is_far(std::int64_t x) { return x > far || x < -far; }
  static bool is_open(std::int64_t bound) { return bound == no_lower || bound == no_upper; }

  // The bound of the variable at which the term is largest.
  std::int64_t far_end(const Linear::Term& t) const {
    return t.coefficient > 0 ? upper_[t.variable] : lower_[t.variable];
  }

  // Narrows the bounds of the variables of `sum`, which is not negative.
  void tighten(const Linear& sum) {
    __int128 most = sum.constant;
    int open = 0;
    for (const Linear::Term& t : sum.terms) {
      if (t.coefficient == 0) continue;
      const std::int64_t bound = far_end(t);
      if (is_open(bound))
        ++open;
      else
        most += static_cast<__int128>(t.coefficient) * bound;
    }
    if (open > 1) return;
    if (open == 0 && most < 0) {
      empty_ = true;
      return;
    }
    for (const Linear::Term& t : sum.terms) {
      if (t.coefficient == 0) continue;
      const std::int64_t bound = far_end(t);
      if (is_open(bound))
        narrow(t, most);
      else if (open == 0)
        narrow(t, most - static_cast<__int128>(t.coefficient) * bound);
    }
  }

  // term + rest is not negative.
  void narrow(const Linear::Term& t, __int128 rest) {
    const __int128 by = t.coefficient > 0 ? t.coefficient : -static_cast<__int128>(t.coefficient);
    const __int128 floor = rest / by - (rest % by < 0 ? 1 : 0);  // of rest / by
    if (floor > far || floor < -far) return;
    const auto limit = static_cast<std::int64_t>(floor);
    std::int64_t& lower = lower_[t.variable];
    std::int64_t& upper = upper_[t.variable];
    if (t.coefficient > 0 && -limit > lower) {
      lower = -limit;
      changed_ = true;
    } else if (t.coefficient < 0 && limit < upper) {
      upper = limit;
      changed_ = true;
    }
    if (lower > upper) empty_ = true;
  }

  std::size_t variables_;
  std::size_t columns_;                // vectors of the basis
  std::vector<std::int64_t> lattice_;  // the basis, and last the origin
  std::vector<std::int64_t> lower_, upper_;
  std::shared_ptr<const std::vector<Linear>> rows_ = std::make_shared<std::vector<Linear>>();
  bool empty_ = false;
  bool exact_ = true;
  bool changed_ = false;
};

}  // namespace lambdapack::analysis
