// Runs of tiles, and extents of temporaries, of numbers: lp::range and lp::extents outside of a
// trace.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "lambdapack/dsl/range.hpp"
#include "lambdapack/dsl/temp.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/graph/node.hpp"

namespace lambdapack::plain {

/// The value of an index expression that is a number. Throws program_error if it is a symbol.
inline std::int64_t value_of(const Expr& e) {
  if (const auto value = ir::constant_of(e.value)) return *value;
  throw program_error(
      "lambdapack: lp::Tiles were used with an index of a program that is being traced; use "
      "lp::In, lp::Out, lp::InOut or lp::temp there",
      codes::ill_formed);
}

template <std::size_t N>
std::vector<std::int64_t> values_of(const std::array<Expr, N>& sizes) {
  std::vector<std::int64_t> values;
  for (const Expr& e : sizes) values.push_back(value_of(e));
  return values;
}

/// What one index of a run stands for.
struct RunIndex {
  template <std::integral I>
  explicit RunIndex(I index) : values{static_cast<std::int64_t>(index)} {}
  explicit RunIndex(const Range& range) {
    const std::int64_t end = value_of(range.upper()), step = value_of(range.step());
    for (std::int64_t i = value_of(range.lower()); step > 0 ? i < end : i > end; i += step)
      values.push_back(i);
  }

  std::vector<std::int64_t> values;
};

/// The tiles of a run, the first index slowest.
inline std::vector<Indices> run_of(const std::vector<RunIndex>& indices) {
  std::vector<Indices> run(1);
  run.front().resize(indices.size());
  for (std::size_t d = 0; d < indices.size(); ++d) {
    std::vector<Indices> longer;
    for (const Indices& begun : run)
      for (const std::int64_t i : indices[d].values) {
        longer.push_back(begun);
        longer.back()[d] = i;
      }
    run = std::move(longer);
  }
  return run;
}

}  // namespace lambdapack::plain
