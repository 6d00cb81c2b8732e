// Decides whether anything meets some constraints, for all values of the unknowns at once. What
// facts about powers and logarithms leave open is decided level by level: where each function has
// one of its few values, all is affine and isl is exact.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "lambdapack/analysis/function_facts.hpp"
#include "lambdapack/analysis/function_levels.hpp"
#include "lambdapack/analysis/known_set.hpp"

namespace lambdapack::analysis {

/// Searches one conjunction after the other.
class LevelSearch {
 public:
  LevelSearch(isl_ctx* ctx, const Terms& terms, unsigned long max_steps)
      : ctx_(ctx), terms_(terms), max_steps_(max_steps) {}

  /// A fresh budget for what comes next; beyond it a search is Undecided.
  void grant() const {
    steps_ = 0;
    isl_ctx_reset_operations(ctx_);
    isl_ctx_reset_error(ctx_);
  }

  /// What `question` says, with a fresh budget. Throws Undecided if that is too small.
  template <class Question>
  auto granted(Question&& question) const {
    grant();
    try {
      return question();
    } catch (const isl::BudgetSpent&) {
      throw Undecided{"beyond the budget of isl operations"};
    }
  }

  const Terms& terms() const { return terms_; }

  /// Whether facts alone show that nothing meets `known`, which is completed by them.
  bool plainly_impossible(Known& known) const {
    if (++steps_ > max_steps_) throw Undecided{"beyond the budget of steps"};
    FunctionFacts::conclude(known);
    return known.impossible();
  }
  bool impossible_by_facts(Known& known) const {
    return plainly_impossible(known) || KnownSet(ctx_, known).is_empty();
  }

  /// A point that meets `known`, if there is one.
  std::optional<Assignment> find(Known known) const { return find(std::move(known), 0); }

 private:
  using Kind = FunctionTerm::Kind;

  std::optional<Assignment> find(Known known, int given) const {
    constexpr int most = 64;  // more functions than any form or statement has
    if (given > most) throw Undecided{"its functions have values without end"};
    if (impossible_by_facts(known)) return std::nullopt;
    const std::optional<AppliedFunction> open = next_open(known);
    if (!open) return KnownSet(ctx_, known).smallest();
    for (const Case& level : levels(known, *open)) {
      Known here = known;
      here.add(level);
      if (auto found = find(std::move(here), given + 1)) return found;
    }
    return std::nullopt;
  }

  // Of the functions that facts do not describe exactly the one to go through first: what is
  // divided by, then what is cheap.
  static std::optional<AppliedFunction> next_open(const Known& known) {
    std::vector<AppliedFunction> all = known.functions();
    std::optional<AppliedFunction> best;
    int best_rank = 0;
    for (const AppliedFunction& f : all) {
      const int rank = rank_of(known, f, all);
      if (rank > best_rank) {
        best_rank = rank;
        best = f;
      }
    }
    if (best && best->kind == Kind::remainder)
      throw Undecided{"it divides by a number that may have too many values"};
    return best;
  }

  static int rank_of(const Known& known, const AppliedFunction& f,
                     const std::vector<AppliedFunction>& all) {
    if (is_exact(known, f)) return 0;
    if (f.kind == Kind::remainder) return 1;
    if (f.kind == Kind::largest || f.kind == Kind::smallest) return 4;
    for (const AppliedFunction& g : all)
      if (g.kind == Kind::remainder && !g.second.is_constant() && shares(g.second, f.value))
        return 5;
    return f.kind == Kind::power ? 3 : 2;
  }

  static bool shares(const Linear& a, const Linear& b) {
    for (const Linear::Term& t : a.terms)
      if (b.coefficient(t.first) != 0) return true;
    return false;
  }

  static bool is_exact(const Known& known, const AppliedFunction& f) {
    switch (f.kind) {
      case Kind::quotient:
        return true;
      case Kind::remainder:
        return f.second.is_constant();
      case Kind::largest:
      case Kind::smallest:
        return f.value == f.first || f.value == f.second;
      default:
        break;
    }
    if (!f.value.is_constant()) return false;
    for (const FunctionLevel& level : function_levels(kind_of(f.kind), f.base))
      if (level.value == f.value.constant)
        return (!level.from || known.at_least_zero(f.first.plus(-*level.from))) &&
               (!level.to || known.at_least_zero(f.first.times(-1).plus(*level.to)));
    return false;
  }

  // Cases that cover all values which the function can have.
  static std::vector<Case> levels(const Known& known, const AppliedFunction& f) {
    const Linear &x = f.first, &y = f.second, &v = f.value;
    if (f.kind == Kind::largest) return {{equal(v, x), at_least(x, y)}, {equal(v, y), below(x, y)}};
    if (f.kind == Kind::smallest) return {{equal(v, x), at_most(x, y)}, {equal(v, y), below(y, x)}};
    const Interval argument = known.bounds.of(x), value = known.bounds.of(v);
    std::vector<Case> all;
    for (const FunctionLevel& level : function_levels(kind_of(f.kind), f.base)) {
      const bool too_low = level.to && *level.to < argument.low;
      const bool too_high = level.from && *level.from > argument.high;
      if (too_low || too_high || level.value < value.low || level.value > value.high) continue;
      Case c{equal(v, Linear::of(level.value))};
      if (level.from && level.to == level.from) {
        c.push_back(equal(x, Linear::of(*level.from)));
      } else {
        if (level.from) c.push_back(at_least(x, Linear::of(*level.from)));
        if (level.to) c.push_back(at_most(x, Linear::of(*level.to)));
      }
      all.push_back(std::move(c));
    }
    return all;
  }

  static ir::Function::Kind kind_of(Kind kind) {
    return kind == Kind::power       ? ir::Function::Kind::power
           : kind == Kind::log_floor ? ir::Function::Kind::log_floor
                                     : ir::Function::Kind::log_ceil;
  }

  isl_ctx* ctx_;
  const Terms& terms_;
  const unsigned long max_steps_;
  mutable unsigned long steps_ = 0;
};

}  // namespace lambdapack::analysis
