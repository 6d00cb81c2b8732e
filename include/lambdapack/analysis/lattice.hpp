// The integer points that meet linear equations and congruences, exactly, in 64 bits.
#pragma once

#include <cstdint>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

namespace lambdapack::analysis {

/// constant + sum of coefficient * variable; variables are numbered, each appears at most once.
struct LinearSum {
  struct Term {
    std::size_t variable = 0;
    std::int64_t coefficient = 0;
  };

  std::int64_t constant = 0;
  std::vector<Term> terms = {};

  static LinearSum of(std::int64_t constant) { return {constant, {}}; }
  static LinearSum variable(std::size_t v) { return {0, {{v, 1}}}; }

  std::int64_t coefficient(std::size_t variable) const {
    for (const Term& t : terms)
      if (t.variable == variable) return t.coefficient;
    return 0;
  }
  void add(std::size_t variable, std::int64_t coefficient) {
    for (Term& t : terms)
      if (t.variable == variable) {
        t.coefficient += coefficient;
        return;
      }
    terms.push_back({variable, coefficient});
  }

  LinearSum plus(const LinearSum& other, std::int64_t factor = 1) const {
    LinearSum sum = *this;
    sum.constant += factor * other.constant;
    for (const Term& t : other.terms) sum.add(t.variable, factor * t.coefficient);
    return sum;
  }
  LinearSum minus(const LinearSum& other) const { return plus(other, -1); }
  LinearSum plus(std::int64_t number) const { return {constant + number, terms}; }
  LinearSum times(std::int64_t factor) const { return of(0).plus(*this, factor); }
};

/// The points of a lattice: all integer points at first, fewer with each constraint. It is kept as
/// one point and a basis of steps from point to point. From the first number on that exceeds 64
/// bits nothing is concluded any more.
class Lattice {
 public:
  explicit Lattice(std::size_t variables)
      : variables_(variables), steps_(variables), vectors_(variables * (variables + 1)) {
    for (std::size_t v = 0; v < variables; ++v) step(v)[v] = 1;
  }

  /// Keeps the points at which `sum` is zero.
  void add_equation(const LinearSum& sum) { keep(sum, 0); }
  /// Keeps the points at which `sum` is a multiple of `modulus`, which is positive.
  void add_congruence(const LinearSum& sum, std::int64_t modulus) { keep(sum, modulus); }

  /// Whether there is surely no point left.
  bool empty() const { return empty_; }

  /// The sum as a function of the numbers of steps: its value at the one point last, before it what
  /// each step adds. Nothing if that is unknown.
  std::optional<std::vector<std::int64_t>> in_steps(const LinearSum& sum) const {
    std::vector<std::int64_t> all(steps_ + 1);
    bool fits = exact_;
    for (std::size_t s = 0; s < steps_ && fits; ++s) all[s] = value(sum, step(s), 0, fits);
    all[steps_] = value(sum, origin(), sum.constant, fits);
    if (!fits) return std::nullopt;
    return all;
  }

  /// Whether `sum` is surely zero at all points.
  bool vanishes(const LinearSum& sum) const {
    if (empty_) return true;
    const auto all = in_steps(sum);
    if (!all) return false;
    for (std::int64_t x : *all)
      if (x != 0) return false;
    return true;
  }

 private:
  static constexpr std::int64_t far = std::int64_t{1} << 60;

  const std::int64_t* step(std::size_t s) const { return vectors_.data() + s * variables_; }
  std::int64_t* step(std::size_t s) { return vectors_.data() + s * variables_; }
  const std::int64_t* origin() const { return step(variables_); }
  std::int64_t* origin() { return step(variables_); }

  static std::int64_t value(const LinearSum& sum, const std::int64_t* at, std::int64_t constant,
                            bool& fits) {
    std::int64_t total = constant;
    for (const LinearSum::Term& t : sum.terms) {
      std::int64_t product = 0;
      fits = !__builtin_mul_overflow(t.coefficient, at[t.variable], &product) && fits;
      fits = !__builtin_add_overflow(total, product, &total) && fits;
    }
    fits = fits && total < far && total > -far;
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

  void keep(const LinearSum& sum, std::int64_t modulus) {
    if (empty_) return;
    auto values = in_steps(sum);
    exact_ = exact_ && values;
    if (!exact_) return;
    const std::int64_t constant = values->back();
    const std::optional<std::size_t> only = leave_one(*values);
    if (!exact_) return;
    if (!only) {
      empty_ = modulus == 0 ? constant != 0 : constant % modulus != 0;
      return;
    }
    const std::int64_t by = (*values)[*only];
    const std::int64_t common = modulus == 0 ? by : std::gcd(by, modulus);
    if (constant % common != 0) {
      empty_ = true;
    } else if (modulus == 0) {
      add_vector(origin(), step(*only), -(constant / common));
      --steps_;
      for (std::size_t v = 0; v < variables_ && *only != steps_; ++v)
        step(*only)[v] = step(steps_)[v];
    } else {
      const std::int64_t period = modulus / common;
      add_vector(origin(), step(*only), quotient_modulo(-(constant / common), by / common, period));
      add_vector(step(*only), step(*only), period - 1);
    }
  }

  // Changes the basis until at most one of its vectors changes the sum: that one, if any. `values`
  // is what each adds to the sum.
  std::optional<std::size_t> leave_one(std::vector<std::int64_t>& values) {
    while (exact_) {
      std::optional<std::size_t> least;
      std::size_t changing = 0;
      for (std::size_t s = 0; s < steps_; ++s) {
        if (values[s] == 0) continue;
        ++changing;
        if (!least || magnitude(values[s]) < magnitude(values[*least])) least = s;
      }
      if (changing <= 1) return least;
      for (std::size_t s = 0; s < steps_; ++s) {
        if (s == *least || values[s] == 0) continue;
        add_vector(step(s), step(*least), -(values[s] / values[*least]));
        values[s] %= values[*least];
      }
    }
    return std::nullopt;
  }

  static std::int64_t magnitude(std::int64_t x) { return x < 0 ? -x : x; }

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

  std::size_t variables_;
  std::size_t steps_;                  // vectors of the basis
  std::vector<std::int64_t> vectors_;  // the basis, and last the point
  bool empty_ = false;
  bool exact_ = true;
};

}  // namespace lambdapack::analysis
