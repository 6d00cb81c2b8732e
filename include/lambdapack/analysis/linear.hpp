// Affine expressions over numbered unknowns, and what can be said of them without a solver.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace lambdapack::analysis {

/// Why a question stays open: the answer may be either.
struct Undecided {
  std::string why;
};

/// a * b + c. Throws Undecided beyond 64 bits.
inline std::int64_t multiplied(std::int64_t a, std::int64_t b, std::int64_t c = 0) {
  std::int64_t product = 0, sum = 0;
  if (__builtin_mul_overflow(a, b, &product) || __builtin_add_overflow(product, c, &sum))
    throw Undecided{"numbers grow beyond 64 bits"};
  return sum;
}

/// floor(a / d) and ceil(a / d) for d > 0.
inline std::int64_t floor_of(std::int64_t a, std::int64_t d) { return a / d - (a % d < 0 ? 1 : 0); }
inline std::int64_t ceil_of(std::int64_t a, std::int64_t d) { return a / d + (a % d > 0 ? 1 : 0); }

/// constant + sum of coefficient * unknown.
struct Linear {
  using Term = std::pair<int, std::int64_t>;

  std::int64_t constant = 0;
  std::vector<Term> terms = {};  ///< by unknown, without zeros

  static Linear of(std::int64_t constant) { return {constant}; }
  static Linear unknown(int id) { return {0, {{id, 1}}}; }

  auto operator<=>(const Linear&) const = default;

  bool is_constant() const { return terms.empty(); }

  std::int64_t coefficient(int unknown) const {
    for (const Term& t : terms)
      if (t.first == unknown) return t.second;
    return 0;
  }

  /// This and `factor` times the other.
  Linear plus(const Linear& other, std::int64_t factor = 1) const {
    Linear sum{multiplied(factor, other.constant, constant)};
    sum.terms.reserve(terms.size() + other.terms.size());
    auto a = terms.begin();
    for (const Term& b : other.terms) {
      while (a != terms.end() && a->first < b.first) sum.terms.push_back(*a++);
      const bool both = a != terms.end() && a->first == b.first;
      const std::int64_t c = multiplied(factor, b.second, both ? (a++)->second : 0);
      if (c != 0) sum.terms.emplace_back(b.first, c);
    }
    sum.terms.insert(sum.terms.end(), a, terms.end());
    return sum;
  }
  Linear plus(std::int64_t c) const {
    Linear sum = *this;
    sum.constant = multiplied(1, c, constant);
    return sum;
  }
  Linear minus(const Linear& other) const { return plus(other, -1); }
  Linear times(std::int64_t factor) const { return Linear{}.plus(*this, factor); }

  /// The greatest common divisor of the coefficients; 0 for a constant.
  std::int64_t divisor() const {
    std::int64_t d = 0;
    for (const Term& t : terms) d = std::gcd(d, t.second);
    return d;
  }

  /// Whether it is a multiple of the other, which is not 0, and of which.
  bool is_multiple_of(const Linear& other, std::int64_t& factor) const {
    const std::int64_t mine = terms.empty() ? constant : terms[0].second;
    const std::int64_t its = other.terms.empty() ? other.constant : other.terms[0].second;
    factor = its == 0 ? 0 : mine / its;
    return *this == Linear{}.plus(other, factor);
  }
};

/// value >= 0, or value == 0.
struct Constraint {
  Linear value;
  bool equality = false;
};

inline Constraint at_least(const Linear& a, const Linear& b) { return {a.minus(b)}; }
inline Constraint at_most(const Linear& a, const Linear& b) { return {b.minus(a)}; }
inline Constraint below(const Linear& a, const Linear& b) { return {b.minus(a).plus(-1)}; }
inline Constraint equal(const Linear& a, const Linear& b) { return {a.minus(b), true}; }

/// All of these.
using Case = std::vector<Constraint>;

/// One of these.
using Cases = std::vector<Case>;

/// One of the first and one of the second.
inline Cases both(const Cases& a, const Cases& b) {
  Cases all;
  for (const Case& x : a)
    for (const Case& y : b) {
      all.push_back(x);
      all.back().insert(all.back().end(), y.begin(), y.end());
    }
  return all;
}

/// What it means that a constraint does not hold.
inline std::vector<Constraint> negated(const Constraint& c) {
  const Constraint less{c.value.times(-1).plus(-1)};
  if (!c.equality) return {less};
  return {less, {c.value.plus(-1)}};
}

}  // namespace lambdapack::analysis
