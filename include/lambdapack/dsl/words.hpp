// The library's tile kernels as words of the language, found without a prefix next to any tile:
// `A(k, k) = potrf(A(k, k))`. What each computes stands in kernel/dense.hpp.
#pragma once

#include <string>

#include "lambdapack/dsl/kernel.hpp"
#include "lambdapack/dsl/library_shapes.hpp"
#include "lambdapack/kernel/dense.hpp"
#include "lambdapack/kernel/operations.hpp"

namespace lambdapack {

namespace detail {

/// The one word for a kernel function, however it is called: a program lists each kernel once.
template <auto Function, class Count = kernel::NoCount>
const auto& word(const char* name, Count count = {}) {
  static const auto word = make_kernel(name, Function, std::string(library_shapes(name)), count);
  return word;
}

}  // namespace detail

/// A(k, k) = potrf(A(k, k)): the lower Cholesky factor of a tile.
template <Scalar T, bool W, class... Rest>
auto potrf(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::potrf<T>>("potrf", kernel::operations::potrf)(first, rest...);
}

/// B = trsm(L, B): B L^-H, as below a diagonal tile of Cholesky.
template <Scalar T, bool W, class... Rest>
auto trsm(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::trsm<T>>("trsm", kernel::operations::trsm)(first, rest...);
}

/// B = trsm_left(L, B): L^-1 B, a step of forward substitution.
template <Scalar T, bool W, class... Rest>
auto trsm_left(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::trsm_left<T>>("trsm_left", kernel::operations::trsm)(first, rest...);
}

/// B = trsm_left_adjoint(L, B): L^-H B, a step of back substitution.
template <Scalar T, bool W, class... Rest>
auto trsm_left_adjoint(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::trsm_left_adjoint<T>>("trsm_left_adjoint", kernel::operations::trsm)(
      first, rest...);
}

/// C = syrk(C, A, B): C - A B^H, the trailing update of Cholesky.
template <Scalar T, bool W, class... Rest>
auto syrk(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::syrk<T>>("syrk", kernel::operations::syrk)(first, rest...);
}

/// C = gemm(C, A, B): C + A B.
template <Scalar T, bool W, class... Rest>
auto gemm(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::gemm<T>>("gemm", kernel::operations::gemm)(first, rest...);
}

/// C = gemm_sub(C, A, B): C - A B.
template <Scalar T, bool W, class... Rest>
auto gemm_sub(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::gemm_sub<T>>("gemm_sub", kernel::operations::gemm)(first, rest...);
}

/// C = gemm_sub_adjoint(C, A, B): C - A^H B.
template <Scalar T, bool W, class... Rest>
auto gemm_sub_adjoint(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::gemm_sub_adjoint<T>>("gemm_sub_adjoint", kernel::operations::gemm)(
      first, rest...);
}

/// B = copy(A).
template <Scalar T, bool W, class... Rest>
auto copy(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::copy<T>>("copy")(first, rest...);
}

/// B = add(B, A): B + A.
template <Scalar T, bool W, class... Rest>
auto add(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::add<T>>("add")(first, rest...);
}

/// B = sum(A(lp::range(...))): the sum of a run of tiles.
template <Scalar T, class... Rest>
auto sum(const TileRun<T>& first, const Rest&... rest) {
  return detail::word<&kernel::sum<T>>("sum")(first, rest...);
}

/// A = scale(A, alpha): alpha A, alpha real.
template <Scalar T, bool W, class... Rest>
auto scale(const TileRef<T, W>& first, const Rest&... rest) {
  return detail::word<&kernel::scale<T>>("scale")(first, rest...);
}

}  // namespace lambdapack
