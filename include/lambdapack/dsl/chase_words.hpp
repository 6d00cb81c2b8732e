// The kernels of band reduction as words of the language. What each computes stands in
// kernel/chase.hpp.
#pragma once

#include "lambdapack/dsl/words.hpp"
#include "lambdapack/kernel/chase.hpp"

namespace lambdapack {

/// tie(B, C, D) = chase(B, C, D, group, window, order, width): a part of the chase.
template <Scalar T, bool W, class... Rest>
auto chase(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::chase<T>>("chase")(first, rest...);
}

/// tie(B, C, D) = chase_hermitian(B, C, D, group, window, order, width): the same of a Hermitian
/// band.
template <Scalar T, bool W, class... Rest>
auto chase_hermitian(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::chase_hermitian<T>>("chase_hermitian")(first, rest...);
}

/// X = apply_chase(V, tau, X, width): Q X, with the reflections of one side of a chase.
template <Scalar T, bool W, class... Rest>
auto apply_chase(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::apply_chase<T>>("apply_chase")(first, rest...);
}

}  // namespace lambdapack
