// The body of function_of: functions of constants are computed while the program is traced.
#pragma once

#include <cstdint>
#include <source_location>

#include "lambdapack/dsl/functions.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::detail {

/// The largest constant that an index expression may hold (docs/metadata.md).
inline constexpr std::int64_t largest_index_constant = std::int64_t{1} << 31;

/// floor(x / divisor).
constexpr std::int64_t floor_quotient(std::int64_t x, std::int64_t divisor) {
  const std::int64_t q = x / divisor;
  return x % divisor < 0 ? q - 1 : q;
}

/// The smallest e with base^e >= x, or > x if `beyond`; both sides stay in 64 bits, since x does.
constexpr std::int64_t steps_to(std::int64_t base, std::int64_t x, bool beyond) {
  std::int64_t e = 0;
  for (std::int64_t power = 1; beyond ? power <= x : power < x; ++e)
    if (__builtin_mul_overflow(power, base, &power)) return e + 1;
  return e;
}

/// base^exponent, or a number above largest_index_constant if it is one.
constexpr std::int64_t power_of(std::int64_t base, std::int64_t exponent) {
  std::int64_t power = exponent < 0 ? 0 : 1;
  for (std::int64_t e = 0; e < exponent && power <= largest_index_constant; ++e)
    if (__builtin_mul_overflow(power, base, &power)) return largest_index_constant + 1;
  return power;
}

inline std::int64_t value_of(ir::Function::Kind kind, std::int64_t base, std::int64_t x) {
  switch (kind) {
    case ir::Function::Kind::quotient:
      return floor_quotient(x, base);
    case ir::Function::Kind::remainder:
      return x - base * floor_quotient(x, base);
    case ir::Function::Kind::power:
      return power_of(base, x);
    case ir::Function::Kind::log_floor:
      return x < 1 ? 0 : steps_to(base, x, true) - 1;
    case ir::Function::Kind::log_ceil:
      break;
  }
  return steps_to(base, x, false);
}

inline void check_base(bool division, const IntegerConstant& base, const char* word) {
  const std::int64_t least = division ? 1 : 2;
  if (base.value >= least && base.value <= largest_index_constant) return;
  throw program_error(text({"lambdapack: the ", word, " at line ", base.at.line(),
                            division ? " has divisor " : " has base ", base.value,
                            "; give it an integer constant from ", least, " to 2147483648"}));
}

LAMBDAPACK_API Expr function_of(ir::Function::Kind kind, const IntegerConstant& base,
                                const Expr& argument, const char* word) {
  const bool quotient = kind == ir::Function::Kind::quotient;
  const bool division = quotient || kind == ir::Function::Kind::remainder;
  check_base(division, base, word);
  if (division && base.value == 1) return quotient ? argument : Expr(0);
  const auto constant = ir::constant_of(argument.value);
  if (!constant)
    return Expr(ir::Symbol{ir::Symbol::Kind::function,
                           Recorder::current(word).function({kind, base.value, argument.value})});
  const std::int64_t value = value_of(kind, base.value, *constant);
  if (kind == ir::Function::Kind::power && value > largest_index_constant)
    throw program_error(text({"lambdapack: the ", word, " at line ", base.at.line(), " is ",
                              base.value, " to the power of ", *constant,
                              ", which no index reaches; give it a smaller exponent"}));
  return value;
}

}  // namespace lambdapack::detail
