// The kernels of the reduction of a Hermitian matrix to a band as words of the language. What each
// computes stands in kernel/he2hb.hpp.
#pragma once

#include "lambdapack/dsl/words.hpp"
#include "lambdapack/kernel/he2hb.hpp"

namespace lambdapack {

/// C = herfb(V, T, C): Q^H C Q with the Q of geqrt, C Hermitian.
template <Scalar T, bool W, class... Rest>
auto herfb(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::herfb<T>>("herfb", kernel::operations::herfb)(first, rest...);
}

/// tie(B, C) = tsmqr_hetra(V, T, B, C): (B, C^H) Q with the Q of tsqrt.
template <Scalar T, bool W, class... Rest>
auto tsmqr_hetra(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::tsmqr_hetra<T>>("tsmqr_hetra", kernel::operations::tsmqr_hetra)(
      first, rest...);
}

/// tie(A, B, C) = tsmqr_corner(V, T, A, B, C): Q^H [[A, B^H], [B, C]] Q with the Q of tsqrt.
template <Scalar T, bool W, class... Rest>
auto tsmqr_corner(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::tsmqr_corner<T>>("tsmqr_corner", kernel::operations::tsmqr_corner)(
      first, rest...);
}

}  // namespace lambdapack
