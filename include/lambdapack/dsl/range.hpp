// Loops and guards.
#pragma once

#include <concepts>
#include <source_location>
#include <utility>

#include "lambdapack/codes.hpp"
#include "lambdapack/dsl/expr.hpp"
#include "lambdapack/dsl/recorder.hpp"

namespace lambdapack {

/// lower, lower + step, ... before upper. In a range-for it is a loop of the program; as an index,
/// `A(lp::range(k, n), k)`, it is a run of tiles. Throws program_error unless the step is a
/// constant other than 0, or a positive multiple of one power.
class Range {
 public:
  Range(Expr lower, Expr upper, Expr step, std::source_location at)
      : lower_(std::move(lower)), upper_(std::move(upper)), step_(std::move(step)), at_(at) {
    detail::check_step(step_.value, at);
  }

  const Expr& lower() const { return lower_; }
  const Expr& upper() const { return upper_; }
  const Expr& step() const { return step_; }
  const std::source_location& location() const { return at_; }

  struct End {};

  /// Yields the loop's index once; leaving the body closes the loop.
  class Iterator {
   public:
    explicit Iterator(const Range& range)
        : recorder_(detail::Recorder::current("lp::range")),
          scope_(recorder_.open_loop(range.lower().value, range.upper().value, range.step().value,
                                     range.location())) {}
    Iterator(const Iterator&) = delete;
    Iterator& operator=(const Iterator&) = delete;
    ~Iterator() {
      if (!done_)
        recorder_.fault(
            "a loop was left by break, return or an exception; let every "
            "loop run to its end and choose with lp::when");
    }

    Expr operator*() const { return Expr(ir::Symbol{ir::Symbol::Kind::loop, scope_}); }
    Iterator& operator++() {
      recorder_.close(scope_);
      done_ = true;
      return *this;
    }
    bool operator!=(const End&) const { return !done_; }

   private:
    detail::Recorder& recorder_;
    int scope_;
    bool done_ = false;
  };

  Iterator begin() const { return Iterator(*this); }
  End end() const { return {}; }

 private:
  Expr lower_;
  Expr upper_;
  Expr step_;
  std::source_location at_;
};

/// 0, 1, ... n - 1.
inline Range range(Expr n, std::source_location at = std::source_location::current()) {
  return {Expr(0), std::move(n), 1, at};
}
/// lower, lower + 1, ... upper - 1.
inline Range range(Expr lower, Expr upper,
                   std::source_location at = std::source_location::current()) {
  return {std::move(lower), std::move(upper), 1, at};
}
/// lower, lower + step, ... before upper; a negative step counts down to above upper. The step is a
/// constant, or a power: `lp::range(0, n, lp::pow2(level + 1))`.
inline Range range(Expr lower, Expr upper, Expr step,
                   std::source_location at = std::source_location::current()) {
  return {std::move(lower), std::move(upper), std::move(step), at};
}

/// A guard around the statements of its block. It is always true while the program is traced, so an
/// `else` is never recorded and its statements are lost: write a second guard,
/// lp::when(!condition).
class [[nodiscard("lambdapack: write if (auto x = lp::when(condition)) { ... }")]] Guard {
 public:
  Guard(const Condition& c, const std::source_location& at)
      : recorder_(detail::Recorder::current("lp::when")),
        scope_(recorder_.open_guard(c.value, at)) {}
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;
  ~Guard() { recorder_.close(scope_); }
  explicit operator bool() const& { return true; }
  template <std::same_as<bool> B>
  explicit operator B()&& {
    static_assert(detail::never<B>,
                  "lambdapack: a guard without a name ends before its block begins; write if (auto "
                  "inside = lp::when(condition)) { ... }");
    return true;
  }

 private:
  detail::Recorder& recorder_;
  int scope_;
};

/// Opens a guard: `if (auto inside = lp::when(i < n)) A(i) = f(A(i));`.
inline Guard when(const Condition& condition,
                  std::source_location at = std::source_location::current()) {
  return {condition, at};
}
template <std::same_as<bool> B>
Guard when(B, std::source_location at = std::source_location::current()) {
  static_assert(detail::never<B>,
                "lambdapack: lp::when takes a condition on indices, and this is a bool, which is "
                "known while the program is traced; use an ordinary if");
  return {Condition(), at};
}

}  // namespace lambdapack
