// Powers and logarithms level by level: where the argument lies, the function is a constant.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lambdapack/form/code.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::analysis {

/// The function is `value` for arguments from `from` to `to`, both included.
struct FunctionLevel {
  std::optional<std::int64_t> from, to;
  std::int64_t value = 0;
};

/// The levels of a power or logarithm; together they cover all arguments up to form::max_power, for
/// a power all.
inline std::vector<FunctionLevel> function_levels(ir::Function::Kind kind, std::int64_t base) {
  std::vector<FunctionLevel> levels;
  std::int64_t e = 0, power = 1;
  const bool is_power = kind == ir::Function::Kind::power;
  if (is_power) levels.push_back({std::nullopt, -1, 0});
  for (; power < form::max_power; power *= base, ++e) {
    if (is_power)
      levels.push_back({e, e, power});
    else if (kind == ir::Function::Kind::log_floor)
      levels.push_back({power, power * base - 1, e});
    else
      levels.push_back({power / base + 1, power, e});
  }
  if (is_power) levels.push_back({e, std::nullopt, form::max_power});
  if (!is_power) levels.front().from.reset();
  return levels;
}

}  // namespace lambdapack::analysis
