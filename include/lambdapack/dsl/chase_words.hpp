// The kernel of band reduction as a word of the language. What it computes stands in
// kernel/chase.hpp.
#pragma once

#include "lambdapack/dsl/words.hpp"
#include "lambdapack/kernel/chase.hpp"

namespace lambdapack {

/// X = apply_chase(V, tau, X, width): Q X, with the reflections of one side of a chase.
template <Scalar T, bool W, class... Rest>
auto apply_chase(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::apply_chase<T>>("apply_chase")(first, rest...);
}

}  // namespace lambdapack
