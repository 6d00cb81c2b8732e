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

/// C = unmlq_adjoint(V, T, C): Q^H C.
template <Scalar T, bool W, class... Rest>
auto unmlq_adjoint(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::unmlq_adjoint<T>>("unmlq_adjoint", kernel::operations::unmlq)(
      first, rest...);
}

/// C = unmlq_adjoint_right(V, T, C): C Q^H.
template <Scalar T, bool W, class... Rest>
auto unmlq_adjoint_right(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::unmlq_adjoint_right<T>>(
      "unmlq_adjoint_right", kernel::operations::unmlq_right)(first, rest...);
}

/// tie(B, C) = tsmlq_adjoint(V, T, B, C): Q^H (B, C).
template <Scalar T, bool W, class... Rest>
auto tsmlq_adjoint(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::tsmlq_adjoint<T>>("tsmlq_adjoint", kernel::operations::tsmlq)(
      first, rest...);
}

/// tie(B, C) = tsmlq_adjoint_right(V, T, B, C): (B, C) Q^H.
template <Scalar T, bool W, class... Rest>
auto tsmlq_adjoint_right(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::tsmlq_adjoint_right<T>>(
      "tsmlq_adjoint_right", kernel::operations::tsmlq_right)(first, rest...);
}

/// B = solve_l(L, B): L^-1 B, with L the lower triangle of a tile.
template <Scalar T, bool W, class... Rest>
auto solve_l(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::solve_l<T>>("solve_l", kernel::operations::solve_l)(first, rest...);
}

}  // namespace lambdapack
