// Which statement of a program with powers and logarithms is the first to write a tile: at given
// sizes, exactly.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "lambdapack/analysis/isl.hpp"
#include "lambdapack/analysis/relations_at.hpp"
#include "lambdapack/analysis/write_site.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/form/code.hpp"
#include "lambdapack/ir/location.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::analysis::detail {

/// Where that write is; nowhere if nothing writes the tile, or if that takes too long to say.
inline ir::Location first_tree_write(const ir::Program& program, int array,
                                     const std::vector<std::int64_t>& tile, const Sizes& sizes) {
  // A power that is too large counts as form::max_power, so such a tile may stand for another.
  const auto is_large = [](std::int64_t x) {
    return x >= form::max_power / 2 || x <= -(form::max_power / 2);
  };
  if (std::any_of(tile.begin(), tile.end(), is_large)) return {};
  constexpr unsigned long max_operations = 10'000'000;
  const isl::Context ctx(max_operations);
  try {
    const Relations r = relations_at(ctx, program, sizes, array, tile);
    const auto write = write_of(program, r, array, tile, sizes);
    if (write) return write->location(program);
  } catch (const error&) {  // the budget, or numbers that are too large: the finding holds anyway
  }
  return {};
}

}  // namespace lambdapack::analysis::detail
