// The algorithms of plain_programs.hpp in the language, statement by statement.
#pragma once

#include <lambdapack/lambdapack.hpp>

#include "support/plain_kernels.hpp"

namespace plain_in_language {

inline const auto getrf = lp::make_kernel("getrf", plain_programs::getrf);
inline const auto solve_lower = lp::make_kernel("solve_lower", plain_programs::solve_lower);
inline const auto solve_upper = lp::make_kernel("solve_upper", plain_programs::solve_upper);
inline const auto geqrt = lp::make_kernel("geqrt", plain_programs::geqrt);
inline const auto unmqr = lp::make_kernel("unmqr", plain_programs::unmqr);
inline const auto tsqrt = lp::make_kernel("tsqrt", plain_programs::tsqrt);
inline const auto tsmqr = lp::make_kernel("tsmqr", plain_programs::tsmqr);
inline const auto zero = lp::make_kernel("zero", lp::kernel::zero<double>);

inline void cholesky(lp::InOut<double, 2> A) {
  const auto n = A.extent(0);
  for (auto k : lp::range(n)) {
    A(k, k) = potrf(A(k, k));
    for (auto m : lp::range(k + 1, n)) A(m, k) = trsm(A(k, k), A(m, k));
    for (auto m : lp::range(k + 1, n)) {
      for (auto j : lp::range(k + 1, m)) A(m, j) = syrk(A(m, j), A(m, k), A(j, k));
      A(m, m) = syrk(A(m, m), A(m, k), A(m, k));
    }
  }
}

inline void lu(lp::InOut<double, 2> A) {
  const auto n = A.extent(0);
  for (auto k : lp::range(n)) {
    A(k, k) = getrf(A(k, k));
    for (auto j : lp::range(k + 1, n)) A(k, j) = solve_lower(A(k, k), A(k, j));
    for (auto i : lp::range(k + 1, n)) {
      A(i, k) = solve_upper(A(k, k), A(i, k));
      for (auto j : lp::range(k + 1, n)) A(i, j) = gemm_sub(A(i, j), A(i, k), A(k, j));
    }
  }
}

inline void qr(lp::InOut<double, 2> A, lp::InOut<double, 2> T) {
  for (auto k : lp::range(A.extent(0)))
    if (auto inside = lp::when(k < A.extent(1))) {
      lp::tie(A(k, k), T(k, k)) = geqrt(A(k, k));
      for (auto n : lp::range(k + 1, A.extent(1))) A(k, n) = unmqr(A(k, k), T(k, k), A(k, n));
      for (auto m : lp::range(k + 1, A.extent(0))) {
        lp::tie(A(k, k), A(m, k), T(m, k)) = tsqrt(A(k, k), A(m, k));
        for (auto n : lp::range(k + 1, A.extent(1)))
          lp::tie(A(k, n), A(m, n)) = tsmqr(A(k, n), A(m, n), A(m, k), T(m, k));
      }
    }
}

inline void multiply(lp::In<double, 2> A, lp::In<double, 2> B, lp::Out<double, 2> C) {
  for (auto i : lp::range(C.extent(0)))
    for (auto j : lp::range(C.extent(1))) {
      C(i, j) = zero();
      for (auto k : lp::range(A.extent(1))) C(i, j) = gemm(C(i, j), A(i, k), B(k, j));
    }
}

}  // namespace plain_in_language
