// The program that most cases are about.
#pragma once

#include <lambdapack/lambdapack.hpp>

namespace bench {

/// A = L L^T: the lower triangle of A is overwritten by L. The statements are potrf, trsm, syrk.
inline void cholesky(lp::InOut<double, 2> A) {
  const auto n = A.extent(0);
  for (auto k : lp::range(n)) {
    A(k, k) = potrf(A(k, k));
    for (auto i : lp::range(k + 1, n)) {
      A(i, k) = trsm(A(k, k), A(i, k));
      for (auto j : lp::range(k + 1, i + 1)) A(i, j) = syrk(A(i, j), A(i, k), A(j, k));
    }
  }
}

}  // namespace bench
