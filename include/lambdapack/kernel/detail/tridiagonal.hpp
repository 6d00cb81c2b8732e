// LAPACK's eigenvalue decompositions of symmetric tridiagonal matrices. ?sterf works without BLAS;
// ?stedc multiplies matrices, on as many threads as BLIS's environment says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/kernel/detail/blis_abi.hpp"
#include "lambdapack/text.hpp"
#include "lambdapack/tile/dense.hpp"

namespace lambdapack::kernel::detail {

namespace fortran {

#define LAMBDAPACK_DETAIL_TRIDIAGONAL(R, r)                                                       \
  void sterf(const int* n, R* d, R* e, int* info) noexcept LAMBDAPACK_DETAIL_SYMBOL(#r "sterf_"); \
  void stedc(const char* compz, const int* n, R* d, R* e, R* z, const int* ldz, R* work,          \
             const int* lwork, int* iwork, const int* liwork, int* info,                          \
             std::size_t) noexcept LAMBDAPACK_DETAIL_SYMBOL(#r "stedc_");

LAMBDAPACK_DETAIL_TRIDIAGONAL(float, s)
LAMBDAPACK_DETAIL_TRIDIAGONAL(double, d)
#undef LAMBDAPACK_DETAIL_TRIDIAGONAL

}  // namespace fortran

/// Throws run_error unless LAPACK's routine found all eigenvalues.
inline void check_eigenvalues(int info) {
  if (info != 0)
    throw run_error(
        text({"lambdapack: the eigenvalues of the tridiagonal matrix did not converge (LAPACK's "
              "info is ",
              info, "); please report the matrix"}));
}

/// The eigenvalues of a symmetric tridiagonal matrix with diagonal d and e beside it, from the
/// smallest to the largest, in d. Throws run_error if they do not converge. Source: ?sterf.
template <class R>
void tridiagonal_values(std::vector<R>& d, std::vector<R>& e) {
  const int n = static_cast<int>(d.size());
  int info = 0;
  fortran::sterf(&n, d.data(), e.data(), &info);
  check_eigenvalues(info);
}

/// Throws input_error if n x n eigenvectors are too many for ?stedc.
inline void require_room_for_eigenvectors(std::int64_t n) {
  // The size of its work space, n^2 and some more, is an integer of 32 bits.
  constexpr std::int64_t most = 46'000;
  if (n > most)
    throw input_error(
        text({"lambdapack: ?stedc has no room for the eigenvectors of a matrix of "
              "order ",
              n, "; it takes up to ", most, "; ask for the eigenvalues alone"}));
}

/// The same with vectors, the columns of Z, n x n. Throws input_error if n is above 46,000. Source:
/// ?stedc.
template <class R>
void tridiagonal_vectors(std::vector<R>& d, std::vector<R>& e, tile::Dense<R>& z) {
  require_room_for_eigenvectors(std::ssize(d));
  const int n = static_cast<int>(d.size());
  z = tile::Dense<R>(n, n);
  if (n == 0) return;
  std::vector<R> work(d.size() * d.size() + 4 * d.size() + 1);
  std::vector<int> iwork(5 * d.size() + 3);
  const int work_size = static_cast<int>(work.size()), iwork_size = static_cast<int>(iwork.size());
  int info = 0;
  fortran::stedc("I", &n, d.data(), e.data(), z.data(), &n, work.data(), &work_size, iwork.data(),
                 &iwork_size, &info, 1);
  check_eigenvalues(info);
}

}  // namespace lambdapack::kernel::detail
