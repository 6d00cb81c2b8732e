// What a walk over a convex lifted set has to check: of each dimension the constraints that its
// value meets once the outer ones are known, and nothing that is known anyway.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <utility>
#include <vector>

#include "lambdapack/analysis/isl.hpp"
#include "lambdapack/analysis/linear_isl.hpp"

namespace lambdapack::analysis {

namespace detail {

/// a * by_a + b * by_b; throws where that exceeds 64 bits.
inline LinearSum combined(const LinearSum& a, std::int64_t by_a, const LinearSum& b,
                          std::int64_t by_b) {
  bool fits = true;
  const auto sum = [&](std::int64_t x, std::int64_t y) {
    std::int64_t of_x = 0, of_y = 0, all = 0;
    fits = fits && !__builtin_mul_overflow(x, by_a, &of_x) &&
           !__builtin_mul_overflow(y, by_b, &of_y) && !__builtin_add_overflow(of_x, of_y, &all);
    return all;
  };
  LinearSum c = LinearSum::of(sum(a.constant, b.constant));
  for (const LinearSum::Term& t : a.terms)
    if (t.coefficient != 0)
      c.terms.push_back({t.variable, sum(t.coefficient, b.coefficient(t.variable))});
  for (const LinearSum::Term& t : b.terms)
    if (a.coefficient(t.variable) == 0) c.add(t.variable, sum(0, t.coefficient));
  if (!fits)
    throw program_error(
        "lambdapack: constants in index expressions are too large to be analysed; "
        "use smaller ones",
        codes::too_large);
  return c;
}

/// The same constraint without common factors, its terms in the order of the variables.
inline LinearSum in_lowest_terms(LinearSum sum) {
  std::erase_if(sum.terms, [](const LinearSum::Term& t) { return t.coefficient == 0; });
  std::sort(
      sum.terms.begin(), sum.terms.end(),
      [](const LinearSum::Term& a, const LinearSum::Term& b) { return a.variable < b.variable; });
  std::int64_t common = 0;
  for (const LinearSum::Term& t : sum.terms) common = std::gcd(common, t.coefficient);
  if (common < 2) return sum;
  for (LinearSum::Term& t : sum.terms) t.coefficient /= common;
  sum.constant = sum.constant / common - (sum.constant % common < 0 ? 1 : 0);
  return sum;
}

/// Takes the constraints on one variable out of `rows`.
inline LinearConstraints take_involving(LinearConstraints& rows, std::size_t variable) {
  LinearConstraints taken;
  const auto move = [&](std::vector<LinearSum>& from, std::vector<LinearSum>& to) {
    const auto involves = [&](const LinearSum& row) { return row.coefficient(variable) != 0; };
    std::copy_if(from.begin(), from.end(), std::back_inserter(to), involves);
    std::erase_if(from, involves);
  };
  move(rows.equations, taken.equations);
  move(rows.inequalities, taken.inequalities);
  return taken;
}

}  // namespace detail

/// Decides what follows from what in systems of one number of variables.
class Redundancy {
 public:
  Redundancy(isl_ctx* ctx, std::size_t variables) : ctx_(ctx), variables_(variables) {}

  /// Whether `sum` is not negative wherever `rows` hold.
  bool implied(const LinearSum& sum, const LinearConstraints& rows) const {
    return LinearSystem(variables_, rows).implies(sum) || contradicts(rows, sum);
  }

  /// The same where `rows` hold together with one of `cases`.
  bool implied(const LinearSum& sum, const LinearConstraints& rows,
               const std::vector<LinearConstraints>& cases) const {
    std::vector<LinearConstraints> open;
    for (const LinearConstraints& c : cases) {
      LinearConstraints all = both(rows, c);
      if (!LinearSystem(variables_, all).implies(sum)) open.push_back(std::move(all));
    }
    return std::all_of(open.begin(), open.end(),
                       [&](const LinearConstraints& all) { return contradicts(all, sum); });
  }

  /// Those of `rows` that do not follow from `known` and one of `cases`, and the other rows.
  LinearConstraints not_implied(LinearConstraints rows, const LinearConstraints& known,
                                const std::vector<LinearConstraints>& cases) const {
    std::erase_if(rows.equations, [&](const LinearSum& e) {
      return std::all_of(cases.begin(), cases.end(), [&](const LinearConstraints& c) {
        return LinearSystem(variables_, both(known, c)).vanishes(e);
      });
    });
    for (std::size_t k = rows.inequalities.size(); k-- > 0;) {
      const LinearSum row = rows.inequalities[k];
      LinearConstraints others = rows;
      others.inequalities.erase(others.inequalities.begin() + static_cast<std::ptrdiff_t>(k));
      if (implied(row, both(known, others), cases)) rows = std::move(others);
    }
    return rows;
  }

 private:
  static LinearConstraints both(const LinearConstraints& a, const LinearConstraints& b) {
    LinearConstraints all = a;
    all.equations.insert(all.equations.end(), b.equations.begin(), b.equations.end());
    all.inequalities.insert(all.inequalities.end(), b.inequalities.begin(), b.inequalities.end());
    return all;
  }

  bool contradicts(LinearConstraints rows, const LinearSum& sum) const {
    rows.inequalities.push_back(sum.times(-1).plus(-1));
    return is_empty(ctx_, variables_, rows);
  }

  isl_ctx* ctx_;
  std::size_t variables_;
};

/// What `rows` say of all variables but one, of which `on_it` are the constraints: by an equation
/// where there is one, else by pairs of bounds, as Fourier and Motzkin do. Where that would need
/// divisions, it is what follows without them.
inline void eliminate(LinearConstraints& rows, const LinearConstraints& on_it, std::size_t variable,
                      const Redundancy& redundancy) {
  const auto coefficient = [&](const LinearSum& row) { return row.coefficient(variable); };
  const auto magnitude = [&](const LinearSum& row) { return std::abs(coefficient(row)); };
  const auto least = std::min_element(
      on_it.equations.begin(), on_it.equations.end(),
      [&](const LinearSum& a, const LinearSum& b) { return magnitude(a) < magnitude(b); });
  if (least != on_it.equations.end()) {
    const std::int64_t sign = coefficient(*least) > 0 ? 1 : -1;
    const auto without = [&](const LinearSum& row) {
      return detail::in_lowest_terms(
          detail::combined(row, magnitude(*least), *least, -sign * coefficient(row)));
    };
    for (const LinearSum& e : on_it.equations)
      if (&e != &*least) rows.equations.push_back(without(e));
    for (const LinearSum& i : on_it.inequalities) rows.inequalities.push_back(without(i));
    std::erase_if(rows.inequalities, [](const LinearSum& row) { return row.terms.empty(); });
    return;
  }
  const std::size_t first_new = rows.inequalities.size();
  for (const LinearSum& low : on_it.inequalities)
    for (const LinearSum& high : on_it.inequalities)
      if (coefficient(low) > 0 && coefficient(high) < 0)
        rows.inequalities.push_back(
            detail::in_lowest_terms(detail::combined(low, magnitude(high), high, magnitude(low))));
  for (std::size_t k = rows.inequalities.size(); k-- > first_new;) {
    const LinearSum row = rows.inequalities[k];
    LinearConstraints others = rows;
    others.inequalities.erase(others.inequalities.begin() + static_cast<std::ptrdiff_t>(k));
    if (redundancy.implied(row, others)) rows = std::move(others);
  }
}

}  // namespace lambdapack::analysis
