#include "emit/form_condition.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace lambdapack::lpc {

namespace {

Sign opposite(Sign sign) {
  switch (sign) {
    case Sign::negative:
      return Sign::not_negative;
    case Sign::not_negative:
      return Sign::negative;
    case Sign::zero:
      return Sign::not_zero;
    case Sign::not_zero:
      break;
  }
  return Sign::zero;
}

}  // namespace

Condition constant(bool value) { return {Condition::Kind::constant, value, {}, Sign::zero, {}}; }

Condition test(const Sum& sum, Sign sign) {
  if (!sum.is_constant()) return {Condition::Kind::test, true, sum, sign, {}};
  const std::int64_t x = sum.constant;
  switch (sign) {
    case Sign::negative:
      return constant(x < 0);
    case Sign::not_negative:
      return constant(x >= 0);
    case Sign::zero:
      return constant(x == 0);
    case Sign::not_zero:
      break;
  }
  return constant(x != 0);
}

Condition negated(Condition c) {
  const auto negate_from = [&](std::size_t first) {
    for (std::size_t k = first; k < c.parts.size(); ++k)
      c.parts[k] = negated(std::move(c.parts[k]));
  };
  switch (c.kind) {
    case Condition::Kind::constant:
      c.value = !c.value;
      break;
    case Condition::Kind::test:
      c.sign = opposite(c.sign);
      break;
    case Condition::Kind::all:
    case Condition::Kind::any:
      c.kind = c.kind == Condition::Kind::all ? Condition::Kind::any : Condition::Kind::all;
      negate_from(0);
      break;
    case Condition::Kind::choice:
      negate_from(1);
      break;
  }
  return c;
}

// `neutral` is what changes nothing.
Condition joined(Condition::Kind kind, std::vector<Condition> parts) {
  const bool neutral = kind == Condition::Kind::all;
  Condition result{kind, true, {}, Sign::zero, {}};
  for (Condition& c : parts) {
    if (c.is(neutral)) continue;
    if (c.is(!neutral)) return constant(!neutral);
    if (c.kind == kind)
      result.parts.insert(result.parts.end(), c.parts.begin(), c.parts.end());
    else
      result.parts.push_back(std::move(c));
  }
  if (result.parts.empty()) return constant(neutral);
  return result.parts.size() == 1 ? Condition(result.parts.front()) : result;
}

}  // namespace lambdapack::lpc
