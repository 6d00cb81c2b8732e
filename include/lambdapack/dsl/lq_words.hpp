// The kernels of tiled LQ as words of the language. What each computes stands in kernel/lq.hpp.
#pragma once

#include "lambdapack/dsl/words.hpp"
#include "lambdapack/kernel/lq.hpp"

namespace lambdapack {

/// tie(A, T) = gelqt(A): L and the reflections of a tile, and their triangular factors.
template <Scalar T, bool W, class... Rest>
auto gelqt(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::gelqt<T>>("gelqt", kernel::operations::gelqt)(first, rest...);
}

/// tie(L, A, T) = tslqt(L, A): L left of a tile.
template <Scalar T, bool W, class... Rest>
auto tslqt(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::tslqt<T>>("tslqt", kernel::operations::tslqt)(first, rest...);
}

/// C = unmlq(V, T, C): Q C, with the Q of gelqt.
template <Scalar T, bool W, class... Rest>
auto unmlq(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::unmlq<T>>("unmlq", kernel::operations::unmlq)(first, rest...);
}

/// C = unmlq_right(V, T, C): C Q.
template <Scalar T, bool W, class... Rest>
auto unmlq_right(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::unmlq_right<T>>("unmlq_right", kernel::operations::unmlq_right)(
      first, rest...);
}

/// tie(B, C) = tsmlq(V, T, B, C): Q (B, C), with the Q of tslqt.
template <Scalar T, bool W, class... Rest>
auto tsmlq(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::tsmlq<T>>("tsmlq", kernel::operations::tsmlq)(first, rest...);
}

/// tie(B, C) = tsmlq_right(V, T, B, C): (B, C) Q.
template <Scalar T, bool W, class... Rest>
auto tsmlq_right(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::tsmlq_right<T>>("tsmlq_right", kernel::operations::tsmlq_right)(
      first, rest...);
}

}  // namespace lambdapack
