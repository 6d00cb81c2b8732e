// Equations, congruences and inequalities on a few integers, in 64 bits: what can be said of them
// without isl.
//
// isl decides every question, but each takes it a tenth of a millisecond, and a proof that goes
// through the levels of trees (levels.hpp) has hundreds of cases. Most of them contradict
// themselves in an obvious way: the equations have no integer solution, or bounds cross. Here
// equations and congruences are exact (lattice.hpp); the inequalities only narrow the bounds of
// single variables, and are added up in pairs. So each answer is right when it says yes.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "lambdapack/analysis/lattice.hpp"

namespace lambdapack::analysis {

/// Constraints that all hold: sums that are zero, and sums that are not negative.
struct LinearConstraints {
  std::vector<LinearSum> equations = {};
  std::vector<LinearSum> inequalities = {};
};

/// A conjunction of constraints, to which more can be added; copies are cheap.
class LinearSystem {
 public:
  /// `rows` on that many variables. Copies go on sharing them.
  LinearSystem(std::size_t variables, const LinearConstraints& rows)
      : lattice_(variables), lower_(variables, no_lower), upper_(variables, no_upper) {
    std::vector<LinearSum> all = rows.inequalities;
    for (const LinearSum& e : rows.equations) {
      lattice_.add_equation(e);
      all.push_back(e);
      all.push_back(e.times(-1));
    }
    rows_ = std::make_shared<const std::vector<LinearSum>>(std::move(all));
    narrow();
  }

  /// `sum` is zero.
  void add_equation(const LinearSum& sum) {
    lattice_.add_equation(sum);
    tighten(sum);
    tighten(sum.times(-1));
  }
  /// `sum` is not negative.
  void add_inequality(const LinearSum& sum) { tighten(sum); }
  /// `sum` is a multiple of `modulus`, which is positive.
  void add_congruence(const LinearSum& sum, std::int64_t modulus) {
    lattice_.add_congruence(sum, modulus);
  }

  /// Narrows the bounds of all variables by one another, for a few rounds.
  void narrow() {
    changed_ = true;
    for (int round = 0; round < 4 && changed_ && !crossed_; ++round) {
      changed_ = false;
      for (const LinearSum& row : *rows_) tighten(row);
    }
  }

  /// Whether there is surely no solution.
  bool empty() const { return crossed_ || lattice_.empty(); }

  /// Whether `sum` is surely zero, by the equations and congruences.
  bool vanishes(const LinearSum& sum) const { return crossed_ || lattice_.vanishes(sum); }

  /// Whether `sum` is surely not negative: by the bounds of its variables, or because it is the sum
  /// of one or two of the rows and a constant.
  bool implies(const LinearSum& sum) const {
    if (empty() || at_least(sum).value_or(-1) >= 0) return true;
    const auto asked = in_lowest_terms(sum);
    if (!asked) return false;
    if (is_constant(*asked)) return asked->back() >= 0;
    std::vector<std::vector<std::int64_t>> rows;
    for (const LinearSum& row : *rows_)
      if (auto r = in_lowest_terms(row); r && !is_constant(*r)) rows.push_back(*std::move(r));
    for (const auto& row : rows) {
      std::vector<std::int64_t> rest(asked->size());
      for (std::size_t k = 0; k < rest.size(); ++k) rest[k] = (*asked)[k] - row[k];
      if (is_constant(rest) ? rest.back() >= 0 : is_implied(rest, rows)) return true;
    }
    return false;
  }

  /// What `sum` is at least, and at most, as far as bounds of single variables tell.
  std::optional<std::int64_t> at_least(const LinearSum& sum) const {
    const auto most = at_most(sum.times(-1));
    return most ? std::optional(-*most) : std::nullopt;
  }
  std::optional<std::int64_t> at_most(const LinearSum& sum) const {
    __int128 most = sum.constant;
    for (const LinearSum::Term& t : sum.terms) {
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

  static bool is_open(std::int64_t bound) { return bound == no_lower || bound == no_upper; }

  static bool is_constant(const std::vector<std::int64_t>& row) { return common_factor(row) == 0; }

  static std::int64_t common_factor(const std::vector<std::int64_t>& row) {
    std::int64_t common = 0;
    for (std::size_t k = 0; k + 1 < row.size(); ++k) common = std::gcd(common, row[k]);
    return common;
  }

  // A sum that is not negative, on the lattice and without common factors.
  std::optional<std::vector<std::int64_t>> in_lowest_terms(const LinearSum& sum) const {
    auto row = lattice_.in_steps(sum);
    const std::int64_t common = row ? common_factor(*row) : 0;
    if (common < 2) return row;
    for (std::size_t k = 0; k + 1 < row->size(); ++k) (*row)[k] /= common;
    std::int64_t& constant = row->back();
    constant = constant / common - (constant % common < 0 ? 1 : 0);
    return row;
  }

  // Whether `sum`, not constant, is a multiple of one of the rows plus something not negative.
  static bool is_implied(const std::vector<std::int64_t>& sum,
                         const std::vector<std::vector<std::int64_t>>& rows) {
    const std::int64_t common = common_factor(sum);
    for (const auto& row : rows) {
      bool same = true;
      for (std::size_t k = 0; k + 1 < sum.size() && same; ++k) same = sum[k] / common == row[k];
      std::int64_t constant = 0;
      if (same && !__builtin_mul_overflow(common, row.back(), &constant) && sum.back() >= constant)
        return true;
    }
    return false;
  }

  // The bound of the variable at which the term is largest.
  std::int64_t far_end(const LinearSum::Term& t) const {
    return t.coefficient > 0 ? upper_[t.variable] : lower_[t.variable];
  }

  // Narrows the bounds of the variables of `sum`, which is not negative.
  void tighten(const LinearSum& sum) {
    __int128 most = sum.constant;
    int open = 0;
    for (const LinearSum::Term& t : sum.terms) {
      if (t.coefficient == 0) continue;
      const std::int64_t bound = far_end(t);
      if (is_open(bound))
        ++open;
      else
        most += static_cast<__int128>(t.coefficient) * bound;
    }
    if (open > 1) return;
    crossed_ = crossed_ || (open == 0 && most < 0);
    if (crossed_) return;
    for (const LinearSum::Term& t : sum.terms) {
      if (t.coefficient == 0) continue;
      const std::int64_t bound = far_end(t);
      if (is_open(bound))
        narrow(t, most);
      else if (open == 0)
        narrow(t, most - static_cast<__int128>(t.coefficient) * bound);
    }
  }

  // term + rest is not negative.
  void narrow(const LinearSum::Term& t, __int128 rest) {
    const __int128 by = t.coefficient > 0 ? t.coefficient : -static_cast<__int128>(t.coefficient);
    const __int128 quotient = rest / by - (rest % by < 0 ? 1 : 0);
    if (quotient > far || quotient < -far) return;
    const auto limit = static_cast<std::int64_t>(quotient);
    std::int64_t& lower = lower_[t.variable];
    std::int64_t& upper = upper_[t.variable];
    if (t.coefficient > 0 && -limit > lower) {
      lower = -limit;
      changed_ = true;
    } else if (t.coefficient < 0 && limit < upper) {
      upper = limit;
      changed_ = true;
    }
    crossed_ = crossed_ || lower > upper;
  }

  Lattice lattice_;
  std::vector<std::int64_t> lower_, upper_;
  std::shared_ptr<const std::vector<LinearSum>> rows_;
  bool crossed_ = false;
  bool changed_ = false;
};

}  // namespace lambdapack::analysis
