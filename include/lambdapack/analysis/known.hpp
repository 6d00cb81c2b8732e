// What is known of some unknowns: constraints, and what follows from them and from the functions
// among the unknowns without a search.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "lambdapack/analysis/bounds.hpp"
#include "lambdapack/analysis/linear.hpp"
#include "lambdapack/analysis/terms.hpp"

namespace lambdapack::analysis {

/// A function that occurs, with its value and arguments in normal form.
struct AppliedFunction {
  int id = 0;
  FunctionTerm::Kind kind;
  std::int64_t base = 0;
  Linear value, first, second;
};

/// A conjunction of constraints. Equalities are solved, so that expressions that are equal by them
/// have one normal form.
class Known {
 public:
  explicit Known(const Terms& terms) : terms_(&terms) {}

  void add(const Constraint& c) {
    activate(c.value);
    c.equality ? add_equality(c.value) : add_inequality(c.value);
  }
  void add(const Case& all) {
    for (const Constraint& c : all) add(c);
  }

  /// No values can be so. True is sure, false is not.
  bool impossible() const { return impossible_; }
  void set_impossible() { impossible_ = true; }

  /// The expression without the unknowns that equalities give.
  Linear normal(const Linear& e) const {
    if (std::none_of(e.terms.begin(), e.terms.end(),
                     [&](const Linear::Term& t) { return solved_.contains(t.first); }))
      return e;
    Linear sum = Linear::of(e.constant);
    for (const auto& [id, coefficient] : e.terms) {
      const auto found = solved_.find(id);
      sum = sum.plus(found == solved_.end() ? Linear::unknown(id) : found->second, coefficient);
    }
    return sum;
  }

  /// Whether e >= 0, e in normal form, is plain to see.
  bool at_least_zero(Linear e) const {
    tighten(e);
    if (bounds.of(e).low >= 0) return true;
    const auto implies = [&](const Linear& known) { return bounds.of(e.minus(known)).low >= 0; };
    return std::any_of(inequalities_.begin(), inequalities_.end(), implies) ||
           std::any_of(facts.begin(), facts.end(), implies);
  }
  bool plainly(const Constraint& c) const {
    const Linear e = normal(c.value);
    if (c.equality) return e == Linear{};
    return at_least_zero(e);
  }

  /// The functions that occur, directly or in an argument of one.
  std::vector<AppliedFunction> functions() const {
    std::vector<AppliedFunction> all;
    for (const int id : functions_) {
      const FunctionTerm& f = *terms_->function(id);
      all.push_back(
          {id, f.kind, f.base, normal(Linear::unknown(id)), normal(f.first), normal(f.second)});
    }
    return all;
  }

  /// Adds an equality; whether it is new.
  bool learn_equal(const Linear& a, const Linear& b) {
    const Linear e = normal(a.minus(b));
    if (e == Linear{}) return false;
    add_equality(e);
    return true;
  }

  /// Takes note of all bounds that inequalities and facts give.
  void narrow() {
    for (const auto* all : {&inequalities_, &facts})
      for (const Linear& e : *all)
        if (!bounds.narrow(normal(e))) impossible_ = true;
    for (const Linear& e : equalities_)
      if (!bounds.narrow(e) || !bounds.narrow(e.times(-1))) impossible_ = true;
  }

  const std::vector<Linear>& inequalities() const { return inequalities_; }
  const std::vector<Linear>& equalities() const { return equalities_; }
  const std::map<int, Linear>& solved() const { return solved_; }

  Bounds bounds;
  std::vector<Linear> facts;  ///< >= 0, by what functions are

 private:
  void activate(const Linear& e) {
    for (const Linear::Term& t : e.terms) {
      const FunctionTerm* f = terms_->function(t.first);
      if (f == nullptr ||
          std::find(functions_.begin(), functions_.end(), t.first) != functions_.end())
        continue;
      functions_.push_back(t.first);
      activate(f->first);
      activate(f->second);
    }
  }

  void add_inequality(const Linear& raw) {
    Linear e = normal(raw);
    if (e.is_constant()) {
      impossible_ = impossible_ || e.constant < 0;
      return;
    }
    tighten(e);
    const Linear opposite = e.times(-1);
    for (Linear& other : inequalities_) {
      if (other.terms == e.terms) {
        other.constant = std::min(other.constant, e.constant);
        return;
      }
      if (other.terms == opposite.terms && other.constant <= opposite.constant) {
        impossible_ = impossible_ || other.constant < opposite.constant;
        return add_equality(e);
      }
    }
    inequalities_.push_back(std::move(e));
  }

  static void tighten(Linear& e) {
    const std::int64_t d = e.divisor();
    if (d <= 1) return;
    for (Linear::Term& t : e.terms) t.second /= d;
    e.constant = floor_of(e.constant, d);
  }

  void add_equality(const Linear& raw) {
    Linear e = normal(raw);
    const std::int64_t d = e.divisor();
    if (d == 0 ? e.constant != 0 : e.constant % d != 0) impossible_ = true;
    if (d == 0 || impossible_) return;
    for (Linear::Term& t : e.terms) t.second /= d;
    e.constant /= d;
    const int pivot = pivot_of(e);
    if (pivot < 0) {
      equalities_.push_back(std::move(e));
      return;
    }
    const std::int64_t sign = e.coefficient(pivot);
    solve(pivot, Linear::unknown(pivot).plus(e, -sign));
  }

  // An unknown with coefficient 1 or -1: the youngest that is no function, or else that is.
  int pivot_of(const Linear& e) const {
    int pivot = -1;
    for (const auto& [id, coefficient] : e.terms) {
      if (coefficient != 1 && coefficient != -1) continue;
      const bool plain = terms_->function(id) == nullptr;
      if (pivot < 0 || plain || terms_->function(pivot) != nullptr) pivot = id;
    }
    return pivot;
  }

  void solve(int unknown, const Linear& value) {
    solved_[unknown] = value;
    for (auto& [id, e] : solved_) e = normal(e);
    std::vector<Linear> inequalities = std::move(inequalities_);
    std::vector<Linear> equalities = std::move(equalities_);
    inequalities_.clear();
    equalities_.clear();
    for (const Linear& e : equalities) add_equality(e);
    for (const Linear& e : inequalities) add_inequality(e);
  }

  const Terms* terms_;
  bool impossible_ = false;
  std::map<int, Linear> solved_;      // normal forms
  std::vector<Linear> equalities_;    // of which no unknown has coefficient 1
  std::vector<Linear> inequalities_;  // in normal form
  std::vector<int> functions_;
};

}  // namespace lambdapack::analysis
