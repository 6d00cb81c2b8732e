// LAPACK's singular value decompositions of bidiagonal matrices. ?bdsqr works without BLAS where no
// vectors are wanted; ?bdsdc multiplies matrices, on as many threads as BLIS's environment says.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/kernel/detail/blis_abi.hpp"
#include "lambdapack/text.hpp"
#include "lambdapack/tile/dense.hpp"

namespace lambdapack::kernel::detail {

namespace fortran {

#define LAMBDAPACK_DETAIL_BIDIAGONAL(R, r)                                                        \
  void bdsqr(const char* part, const int* n, const int* ncvt, const int* nru, const int* ncc,     \
             R* d, R* e, R* vt, const int* ldvt, R* u, const int* ldu, R* c, const int* ldc,      \
             R* work, int* info, std::size_t) noexcept LAMBDAPACK_DETAIL_SYMBOL(#r "bdsqr_");     \
  void bdsdc(const char* part, const char* compq, const int* n, R* d, R* e, R* u, const int* ldu, \
             R* vt, const int* ldvt, R* q, int* iq, R* work, int* iwork, int* info, std::size_t,  \
             std::size_t) noexcept LAMBDAPACK_DETAIL_SYMBOL(#r "bdsdc_");

LAMBDAPACK_DETAIL_BIDIAGONAL(float, s)
LAMBDAPACK_DETAIL_BIDIAGONAL(double, d)
#undef LAMBDAPACK_DETAIL_BIDIAGONAL

}  // namespace fortran

/// Throws run_error unless LAPACK's routine found all singular values.
inline void check_convergence(int info) {
  if (info != 0)
    throw run_error(
        "lambdapack: the singular values of the bidiagonal matrix did not converge "
        "(LAPACK's info is " +
        std::to_string(info) + "); please report the matrix");
}

/// Throws input_error if n x n singular vectors are too many for ?bdsdc.
inline void require_room_for_vectors(std::int64_t n) {
  // Its places in the work space, up to 2 n^2 and some more, are integers of 32 bits.
  if (n > 32'000)
    throw input_error(
        text({"lambdapack: ?bdsdc has no room for the singular vectors of a matrix "
              "whose smaller side is ",
              n, "; it takes up to 32000; ask for the singular values alone"}));
}

/// The singular values of an upper bidiagonal matrix with diagonal d and e above it, from the
/// largest to the smallest, in d. Throws run_error if they do not converge. Source: ?bdsqr.
template <class R>
void bidiagonal_values(std::vector<R>& d, std::vector<R>& e) {
  const int n = static_cast<int>(d.size()), none = 0, one = 1;
  std::vector<R> work(4 * d.size() + 1);
  R unused{};
  int info = 0;
  fortran::bdsqr("U", &n, &none, &none, &none, d.data(), e.data(), &unused, &one, &unused, &one,
                 &unused, &one, work.data(), &info, 1);
  check_convergence(info);
}

/// The same with vectors: U and V^T, n x n. Throws input_error if n is above 32,000. Source:
/// ?bdsdc.
template <class R>
void bidiagonal_svd(std::vector<R>& d, std::vector<R>& e, tile::Dense<R>& u, tile::Dense<R>& vt) {
  require_room_for_vectors(static_cast<std::int64_t>(d.size()));
  const int n = static_cast<int>(d.size());
  u = tile::Dense<R>(n, n);
  vt = tile::Dense<R>(n, n);
  if (n == 0) return;
  std::vector<R> work(3 * d.size() * d.size() + 4 * d.size());
  std::vector<int> iwork(8 * d.size());
  R unused{};
  int unused_int = 0, info = 0;
  fortran::bdsdc("U", "I", &n, d.data(), e.data(), u.data(), &n, vt.data(), &n, &unused,
                 &unused_int, work.data(), iwork.data(), &info, 1, 1);
  check_convergence(info);
}

}  // namespace lambdapack::kernel::detail
