// Polynomials with rational coefficients, enough of them to count the points of a nest of loops.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <vector>

#include "lambdapack/error.hpp"

namespace lambdapack::analysis {

/// A rational number in lowest terms. Throws Overflow where 64 bits do not suffice.
struct Rational {
  struct Overflow {};

  std::int64_t numerator = 0;
  std::int64_t denominator = 1;

  static Rational of(__int128 n, __int128 d) {
    __int128 a = n < 0 ? -n : n, b = d;
    while (b != 0) {
      const __int128 r = a % b;
      a = b;
      b = r;
    }
    if (a != 0) {
      n /= a;
      d /= a;
    }
    constexpr __int128 most = INT64_MAX;
    if (n > most || n < -most || d > most) throw Overflow();
    return {static_cast<std::int64_t>(n), static_cast<std::int64_t>(d)};
  }
  bool operator==(const Rational&) const = default;
  friend Rational operator+(Rational a, Rational b) {
    return of(static_cast<__int128>(a.numerator) * b.denominator +
                  static_cast<__int128>(b.numerator) * a.denominator,
              static_cast<__int128>(a.denominator) * b.denominator);
  }
  friend Rational operator*(Rational a, Rational b) {
    return of(static_cast<__int128>(a.numerator) * b.numerator,
              static_cast<__int128>(a.denominator) * b.denominator);
  }
};

/// A polynomial in a fixed list of variables: exponents -> coefficient.
struct Polynomial {
  using Exponents = std::vector<std::uint8_t>;
  std::map<Exponents, Rational> terms;

  bool operator==(const Polynomial&) const = default;

  static Polynomial constant(std::size_t variables, Rational value) {
    Polynomial p;
    if (value.numerator != 0) p.terms[Exponents(variables)] = value;
    return p;
  }
  static Polynomial variable(std::size_t variables, std::size_t which) {
    Exponents e(variables);
    e[which] = 1;
    Polynomial p;
    p.terms[e] = {1, 1};
    return p;
  }

  Polynomial& operator+=(const Polynomial& other) {
    for (const auto& [e, c] : other.terms) {
      const Rational sum = terms[e] + c;
      if (sum.numerator == 0)
        terms.erase(e);
      else
        terms[e] = sum;
    }
    return *this;
  }
  friend Polynomial operator*(const Polynomial& a, const Polynomial& b) {
    Polynomial product;
    for (const auto& [ea, ca] : a.terms)
      for (const auto& [eb, cb] : b.terms) {
        Exponents e = ea;
        for (std::size_t k = 0; k < e.size(); ++k) e[k] = static_cast<std::uint8_t>(e[k] + eb[k]);
        Polynomial term;
        term.terms[e] = ca * cb;
        product += term;
      }
    return product;
  }
  Polynomial scaled(Rational factor) const {
    Polynomial p;
    for (const auto& [e, c] : terms)
      if (factor.numerator != 0) p.terms[e] = c * factor;
    return p;
  }

  bool depends_on(std::size_t which) const {
    for (const auto& [e, c] : terms)
      if (e[which] > 0) return true;
    return false;
  }
  /// With a polynomial in the place of a variable.
  Polynomial with(std::size_t which, const Polynomial& value) const {
    Polynomial p;
    for (const auto& [e, c] : terms) {
      Exponents rest = e;
      rest[which] = 0;
      Polynomial term;
      term.terms[rest] = c;
      for (int k = 0; k < e[which]; ++k) term = term * value;
      p += term;
    }
    return p;
  }
};

/// The sum of x^power for x = 0 .. upper (Faulhaber), as a polynomial in `upper`; right for
/// upper >= -1.
inline Polynomial power_sum(const Polynomial& upper, unsigned power, std::size_t variables) {
  // S_p(u) = ((u + 1)^(p+1) - sum_{q < p} binomial(p + 1, q) S_q(u)) / (p + 1)
  Polynomial next = upper;
  next += Polynomial::constant(variables, {1, 1});
  std::vector<Polynomial> sums;
  Polynomial raised = next;
  for (unsigned p = 0; p <= power; ++p) {
    Polynomial s = raised;
    std::int64_t binomial = 1;
    for (unsigned q = 0; q < p; ++q) {
      s += sums[q].scaled({-binomial, 1});
      binomial = binomial * (p + 1 - q) / (q + 1);
    }
    sums.push_back(s.scaled({1, static_cast<std::int64_t>(p) + 1}));
    raised = raised * next;
  }
  return sums.back();
}

/// The sum of `summand` over `which` = lower .. upper; right wherever upper >= lower - 1, of any
/// sign, for S(u) - S(l - 1) telescopes as a polynomial identity.
inline Polynomial sum_over(const Polynomial& summand, std::size_t which, const Polynomial& lower,
                           const Polynomial& upper, std::size_t variables) {
  Polynomial below = lower;
  below += Polynomial::constant(variables, {-1, 1});
  std::map<unsigned, Polynomial> by_power;
  for (const auto& [e, c] : summand.terms) {
    Polynomial::Exponents rest = e;
    rest[which] = 0;
    by_power[e[which]].terms[rest] = c;
  }
  Polynomial total;
  for (const auto& [power, factor] : by_power) {
    Polynomial difference = power_sum(upper, power, variables);
    difference += power_sum(below, power, variables).scaled({-1, 1});
    total += difference * factor;
  }
  return total;
}

}  // namespace lambdapack::analysis
