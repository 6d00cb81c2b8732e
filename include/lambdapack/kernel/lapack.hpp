// LAPACK by its Fortran symbols. Debian's reference library calls BLAS by name, so only routines
// that stay within level 2 belong here: level 3 would be threaded as BLIS's environment says.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>

#include "lambdapack/kernel/detail/blis_abi.hpp"
#include "lambdapack/tile/dense.hpp"

namespace lambdapack::kernel {

namespace detail::fortran {

#define LAMBDAPACK_DETAIL_LAPACK(T, t)                                        \
  void potf2(const char* part, const int* n, T* a, const int* lda, int* info, \
             std::size_t part_length) noexcept LAMBDAPACK_DETAIL_SYMBOL(#t "potf2_");

LAMBDAPACK_DETAIL_LAPACK(float, s)
LAMBDAPACK_DETAIL_LAPACK(double, d)
LAMBDAPACK_DETAIL_LAPACK(std::complex<float>, c)
LAMBDAPACK_DETAIL_LAPACK(std::complex<double>, z)
#undef LAMBDAPACK_DETAIL_LAPACK

}  // namespace detail::fortran

namespace lapack {

/// Cholesky without blocks: the lower triangle of the n x n matrix A becomes L of A = L L^H.
/// Returns 0, or the number of the first row, from 1, whose pivot is not positive; that pivot is
/// then in its place on the diagonal. Source: ?potf2.
template <Scalar T>
std::int64_t potf2(std::int64_t n, T* a, std::int64_t lda) {
  const int order = static_cast<int>(n);
  const int stride = static_cast<int>(lda);
  int info = 0;
  detail::fortran::potf2("L", &order, a, &stride, &info, 1);
  return info;
}

}  // namespace lapack

}  // namespace lambdapack::kernel
