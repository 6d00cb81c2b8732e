// What a user writes to factor a matrix; only its compilation is measured.
#include <lambdapack/lambdapack.hpp>

void cholesky(lp::InOut<double, 2> A) {
  const auto n = A.extent(0);
  for (auto k : lp::range(n)) {
    A(k, k) = potrf(A(k, k));
    for (auto i : lp::range(k + 1, n)) {
      A(i, k) = trsm(A(k, k), A(i, k));
      for (auto j : lp::range(k + 1, i + 1)) A(i, j) = syrk(A(i, j), A(i, k), A(j, k));
    }
  }
}

void factor(lp::TiledMatrix<double>& A) { lp::run(lp::threads{}, cholesky, A); }
