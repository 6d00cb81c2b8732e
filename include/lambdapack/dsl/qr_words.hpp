// The kernels of tiled QR as words of the language. What each computes stands in kernel/qr.hpp.
#pragma once

#include "lambdapack/dsl/words.hpp"
#include "lambdapack/kernel/qr.hpp"

namespace lambdapack {

/// tie(A, T) = geqrt(A): R and the reflections of a tile, and their triangular factors.
template <Scalar T, bool W, class... Rest>
auto geqrt(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::geqrt<T>>("geqrt", kernel::operations::geqrt)(first, rest...);
}

/// tie(R, A, T) = tsqrt(R, A): R on top of a tile.
template <Scalar T, bool W, class... Rest>
auto tsqrt(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::tsqrt<T>>("tsqrt", kernel::operations::tsqrt)(first, rest...);
}

/// tie(R, S, T) = ttqrt(R, S, T): R on top of another triangle, whose tile has T from geqrt.
template <Scalar T, bool W, class... Rest>
auto ttqrt(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::ttqrt<T>>("ttqrt", kernel::operations::ttqrt)(first, rest...);
}

/// C = unmqr(V, T, C): Q C, with the Q of geqrt.
template <Scalar T, bool W, class... Rest>
auto unmqr(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::unmqr<T>>("unmqr", kernel::operations::unmqr)(first, rest...);
}

/// C = unmqr_adjoint(V, T, C): Q^H C.
template <Scalar T, bool W, class... Rest>
auto unmqr_adjoint(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::unmqr_adjoint<T>>("unmqr_adjoint", kernel::operations::unmqr)(
      first, rest...);
}

/// tie(B, C) = tsmqr(V, T, B, C): Q (B, C), with the Q of tsqrt.
template <Scalar T, bool W, class... Rest>
auto tsmqr(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::tsmqr<T>>("tsmqr", kernel::operations::tsmqr)(first, rest...);
}

/// tie(B, C) = tsmqr_adjoint(V, T, B, C): Q^H (B, C).
template <Scalar T, bool W, class... Rest>
auto tsmqr_adjoint(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::tsmqr_adjoint<T>>("tsmqr_adjoint", kernel::operations::tsmqr)(
      first, rest...);
}

/// tie(B, C) = ttmqr(V, T, B, C): Q (B, C), with the Q of ttqrt.
template <Scalar T, bool W, class... Rest>
auto ttmqr(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::ttmqr<T>>("ttmqr", kernel::operations::ttmqr)(first, rest...);
}

/// tie(B, C) = ttmqr_adjoint(V, T, B, C): Q^H (B, C).
template <Scalar T, bool W, class... Rest>
auto ttmqr_adjoint(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::ttmqr_adjoint<T>>("ttmqr_adjoint", kernel::operations::ttmqr)(
      first, rest...);
}

/// C = unmqr_right(V, T, C): C Q, with the Q of geqrt.
template <Scalar T, bool W, class... Rest>
auto unmqr_right(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::unmqr_right<T>>("unmqr_right")(first, rest...);
}

/// C = unmqr_adjoint_right(V, T, C): C Q^H.
template <Scalar T, bool W, class... Rest>
auto unmqr_adjoint_right(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::unmqr_adjoint_right<T>>("unmqr_adjoint_right")(first, rest...);
}

/// tie(B, C) = tsmqr_right(V, T, B, C): (B, C) Q, with the Q of tsqrt.
template <Scalar T, bool W, class... Rest>
auto tsmqr_right(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::tsmqr_right<T>>("tsmqr_right")(first, rest...);
}

/// tie(B, C) = tsmqr_adjoint_right(V, T, B, C): (B, C) Q^H.
template <Scalar T, bool W, class... Rest>
auto tsmqr_adjoint_right(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::tsmqr_adjoint_right<T>>("tsmqr_adjoint_right")(first, rest...);
}

/// tie(B, C) = ttmqr_right(V, T, B, C): (B, C) Q, with the Q of ttqrt.
template <Scalar T, bool W, class... Rest>
auto ttmqr_right(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::ttmqr_right<T>>("ttmqr_right")(first, rest...);
}

/// tie(B, C) = ttmqr_adjoint_right(V, T, B, C): (B, C) Q^H.
template <Scalar T, bool W, class... Rest>
auto ttmqr_adjoint_right(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::ttmqr_adjoint_right<T>>("ttmqr_adjoint_right")(first, rest...);
}

/// B = solve_r(R, B): R^-1 B, with R the upper triangle of a tile.
template <Scalar T, bool W, class... Rest>
auto solve_r(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::solve_r<T>>("solve_r", kernel::operations::solve_r)(first, rest...);
}

/// B = solve_r_adjoint(R, B): R^-H B.
template <Scalar T, bool W, class... Rest>
auto solve_r_adjoint(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::solve_r_adjoint<T>>("solve_r_adjoint", kernel::operations::solve_r)(
      first, rest...);
}

}  // namespace lambdapack
