// Four algorithms as a textbook has them: sequential functions that change tiles in place.
#pragma once

#include <algorithm>

#include <lambdapack/lambdapack.hpp>

#include "support/plain_kernels.hpp"

namespace plain_programs {

/// A = L L^T: the lower triangle of A is overwritten by L.
inline void cholesky(lp::Tiles<double>& A) {
  const int n = A.rows();
  for (int k = 0; k < n; ++k) {
    potrf(A(k, k));
    for (int m = k + 1; m < n; ++m) trsm(A(k, k), A(m, k));
    for (int m = k + 1; m < n; ++m) {
      for (int j = k + 1; j < m; ++j) syrk(A(m, j), A(m, k), A(j, k));
      syrk(A(m, m), A(m, k), A(m, k));
    }
  }
}

/// A = L U, without pivoting.
inline void lu(lp::Tiles<double>& A) {
  const int n = A.rows();
  for (int k = 0; k < n; k++) {
    getrf(A(k, k));
    for (int j = k + 1; j < n; j++) solve_lower(A(k, k), A(k, j));
    for (int i = k + 1; i < n; i++) {
      solve_upper(A(k, k), A(i, k));
      for (int j = k + 1; j < n; j++) gemm_sub(A(i, j), A(i, k), A(k, j));
    }
  }
}

/// A = Q R by a flat tree: reflectors below the diagonal of A, their factors in T.
inline void qr(lp::Tiles<double>& A, lp::Tiles<double>& T) {
  for (int k = 0; k < std::min(A.rows(), A.cols()); ++k) {
    geqrt(A(k, k), T(k, k));
    for (int n = k + 1; n < A.cols(); ++n) unmqr(A(k, k), T(k, k), A(k, n));
    for (int m = k + 1; m < A.rows(); ++m) {
      tsqrt(A(k, k), A(m, k), T(m, k));
      for (int n = k + 1; n < A.cols(); ++n) tsmqr(A(k, n), A(m, n), A(m, k), T(m, k));
    }
  }
}

/// C = A B.
inline void multiply(const lp::Tiles<double>& A, const lp::Tiles<double>& B,
                     lp::OutTiles<double>& C) {
  for (int i = 0; i < C.rows(); ++i)
    for (int j = 0; j < C.cols(); ++j) {
      zero(C(i, j));
      for (int k = 0; k < A.cols(); ++k) gemm(C(i, j), A(i, k), B(k, j));
    }
}

}  // namespace plain_programs
