// The unknowns of a question about a program with powers and logarithms. Some are functions of
// others; equal functions of equal arguments are one unknown.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "lambdapack/analysis/linear.hpp"
#include "lambdapack/form/code.hpp"

namespace lambdapack::analysis {

/// What a function term says: its value is this of its arguments.
struct FunctionTerm {
  enum class Kind {
    quotient,   ///< floor(first / base)
    remainder,  ///< first modulo second; first itself where second < 1
    power,      ///< as form::power, and so on
    log_floor,
    log_ceil,
    largest,  ///< of first and second
    smallest,
  };
  Kind kind = Kind::quotient;
  std::int64_t base = 0;
  Linear first, second = {};

  auto operator<=>(const FunctionTerm&) const = default;

  bool has_levels() const {
    return kind == Kind::power || kind == Kind::log_floor || kind == Kind::log_ceil;
  }
  bool is_extreme() const { return kind == Kind::largest || kind == Kind::smallest; }
};

/// The value of a function for constant arguments.
inline std::int64_t value_of(const FunctionTerm& f, std::int64_t x, std::int64_t y) {
  switch (f.kind) {
    case FunctionTerm::Kind::quotient:
      return floor_of(x, f.base);
    case FunctionTerm::Kind::remainder:
      return y < 1 ? x : x - y * floor_of(x, y);
    case FunctionTerm::Kind::power:
      return form::power(f.base, x);
    case FunctionTerm::Kind::log_floor:
      return form::log_floor(f.base, x);
    case FunctionTerm::Kind::log_ceil:
      return form::log_ceil(f.base, x);
    case FunctionTerm::Kind::largest:
      return x < y ? y : x;
    case FunctionTerm::Kind::smallest:
      break;
  }
  return x < y ? x : y;
}

/// Gives out unknowns.
class Terms {
 public:
  /// One that is no function.
  int fresh() {
    functions_.emplace_back();
    return static_cast<int>(functions_.size()) - 1;
  }

  /// The value of a function: an unknown of its own where the arguments are not constant.
  Linear value(FunctionTerm f) {
    if (f.first.is_constant() && f.second.is_constant())
      return Linear::of(value_of(f, f.first.constant, f.second.constant));
    if (f.kind == FunctionTerm::Kind::quotient && f.base == 1) return f.first;
    const auto found = ids_.find(f);
    if (found != ids_.end()) return Linear::unknown(found->second);
    const int id = fresh();
    functions_.back() = f;
    ids_.emplace(std::move(f), id);
    return Linear::unknown(id);
  }

  /// What an unknown is the value of, if it is a function.
  const FunctionTerm* function(int unknown) const {
    const auto& f = functions_[static_cast<std::size_t>(unknown)];
    return f ? &*f : nullptr;
  }

  /// Whether the unknown occurs in the expression, or in what its functions are taken of.
  bool involves(const Linear& e, int unknown) const {
    for (const Linear::Term& t : e.terms) {
      if (t.first == unknown) return true;
      const FunctionTerm* f = function(t.first);
      if (f != nullptr && (involves(f->first, unknown) || involves(f->second, unknown)))
        return true;
    }
    return false;
  }

  using Replacement = std::map<int, Linear>;

  /// The expression with other values for some unknowns, everywhere in it.
  Linear replaced(const Linear& e, const Replacement& by) {
    Linear sum = Linear::of(e.constant);
    for (const auto& [id, coefficient] : e.terms) sum = sum.plus(replaced(id, by), coefficient);
    return sum;
  }
  Case replaced(Case all, const Replacement& by) {
    for (Constraint& c : all) c.value = replaced(c.value, by);
    return all;
  }
  Cases replaced(Cases all, const Replacement& by) {
    for (Case& c : all) c = replaced(std::move(c), by);
    return all;
  }

 private:
  Linear replaced(int id, const Replacement& by) {
    const auto found = by.find(id);
    if (found != by.end()) return found->second;
    if (function(id) == nullptr) return Linear::unknown(id);
    FunctionTerm f = *function(id);
    f.first = replaced(f.first, by);
    f.second = replaced(f.second, by);
    return value(std::move(f));
  }

  std::vector<std::optional<FunctionTerm>> functions_;  // by unknown
  std::map<FunctionTerm, int> ids_;
};

}  // namespace lambdapack::analysis
