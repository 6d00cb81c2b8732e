// Programs with real kernels, for tests of executors.
#pragma once

#include <lambdapack/lambdapack.hpp>

namespace test_algorithms {

template <class T>
void cholesky(lp::InOut<T, 2> A) {
  const auto n = A.extent(0);
  for (auto k : lp::range(n)) {
    A(k, k) = potrf(A(k, k));
    for (auto i : lp::range(k + 1, n)) {
      A(i, k) = trsm(A(k, k), A(i, k));
      for (auto j : lp::range(k + 1, i + 1)) A(i, j) = syrk(A(i, j), A(i, k), A(j, k));
    }
  }
}

template <class T>
void gemm_chain(lp::In<T, 2> A, lp::In<T, 2> B, lp::InOut<T, 2> C) {
  for (auto i : lp::range(C.extent(0)))
    for (auto j : lp::range(C.extent(1)))
      for (auto k : lp::range(A.extent(1))) C(i, j) = gemm(C(i, j), A(i, k), B(k, j));
}

// X := (L L^H)^-1 X.
template <class T>
void solve(lp::In<T, 2> L, lp::InOut<T, 2> X) {
  const auto n = X.extent(0);
  for (auto c : lp::range(X.extent(1))) {
    for (auto k : lp::range(n)) {
      X(k, c) = trsm_left(L(k, k), X(k, c));
      for (auto i : lp::range(k + 1, n)) X(i, c) = gemm_sub(X(i, c), L(i, k), X(k, c));
    }
    for (auto k : lp::range(n - 1, -1, -1)) {
      X(k, c) = trsm_left_adjoint(L(k, k), X(k, c));
      for (auto i : lp::range(k - 1, -1, -1))
        X(i, c) = gemm_sub_adjoint(X(i, c), L(k, i), X(k, c));
    }
  }
}

}  // namespace test_algorithms
