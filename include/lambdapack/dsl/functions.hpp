// Functions of index expressions that are not affine: divisions, powers and logarithms, all by
// integer constants. What they are of constants is computed at once.
#pragma once

#include <concepts>
#include <cstdint>
#include <source_location>

#include "lambdapack/api.hpp"
#include "lambdapack/dsl/expr.hpp"
#include "lambdapack/dsl/recorder.hpp"

namespace lambdapack {

namespace detail {

/// A divisor, or the base of a power or logarithm, and where it was written.
struct IntegerConstant {
  std::int64_t value = 0;
  std::source_location at;

  template <std::integral I>
  IntegerConstant(I constant,  // NOLINT: 2 is a divisor
                  std::source_location where = std::source_location::current())
      : value(static_cast<std::int64_t>(constant)), at(where) {}

  template <class X>
  requires(!std::integral<X> && !std::same_as<X, IntegerConstant>) IntegerConstant(const X&) {
    static_assert(never<X>,
                  "lambdapack: an index is divided by an integer constant, and a power or "
                  "logarithm has one for its base; take it from a parameter of the program that is "
                  "an int, not an lp::Integer");
  }
};

/// The function's value if the argument is a constant, else its symbol in the program under way.
/// `word` is what the user wrote. Throws program_error if the base is too small, or the value too
/// large for an index.
LAMBDAPACK_API Expr function_of(ir::Function::Kind kind, const IntegerConstant& base,
                                const Expr& argument, const char* word);

}  // namespace detail

/// floor(a / b).
template <detail::IndexExpression A>
Expr operator/(const A& a, const detail::IntegerConstant& b) {
  return detail::function_of(ir::Function::Kind::quotient, b, a, "/");
}
/// a - b floor(a / b), from 0 to b - 1.
template <detail::IndexExpression A>
Expr operator%(const A& a, const detail::IntegerConstant& b) {
  return detail::function_of(ir::Function::Kind::remainder, b, a, "%");
}
template <class A, detail::IndexExpression B>
requires(detail::NumberOperand<A> && !detail::IndexExpression<A>) Expr operator/(const A&,
                                                                                 const B& b) {
  return detail::IntegerConstant(b).value;
}
template <class A, detail::IndexExpression B>
requires(detail::NumberOperand<A> && !detail::IndexExpression<A>) Expr operator%(const A&,
                                                                                 const B& b) {
  return detail::IntegerConstant(b).value;
}

/// base to the power of the exponent; 0 where the exponent is negative.
inline Expr pow(const detail::IntegerConstant& base, const Expr& exponent) {
  return detail::function_of(ir::Function::Kind::power, base, exponent, "lp::pow");
}
/// The largest e >= 0 with base^e <= x; 0 where x is below 1.
inline Expr log_floor(const detail::IntegerConstant& base, const Expr& x) {
  return detail::function_of(ir::Function::Kind::log_floor, base, x, "lp::log_floor");
}
/// The smallest e >= 0 with base^e >= x.
inline Expr log_ceil(const detail::IntegerConstant& base, const Expr& x) {
  return detail::function_of(ir::Function::Kind::log_ceil, base, x, "lp::log_ceil");
}

/// pow, log_floor and log_ceil with base 2.
inline Expr pow2(const Expr& exponent, std::source_location at = std::source_location::current()) {
  return detail::function_of(ir::Function::Kind::power, {2, at}, exponent, "lp::pow2");
}
inline Expr log2_floor(const Expr& x, std::source_location at = std::source_location::current()) {
  return detail::function_of(ir::Function::Kind::log_floor, {2, at}, x, "lp::log2_floor");
}
inline Expr log2_ceil(const Expr& x, std::source_location at = std::source_location::current()) {
  return detail::function_of(ir::Function::Kind::log_ceil, {2, at}, x, "lp::log2_ceil");
}

}  // namespace lambdapack

#ifndef LAMBDAPACK_SEPARATE
#include "lambdapack/dsl/folding.hpp"
#endif
