// The kernels' words and the fronts of the same names: tiles choose the one, matrices the other.
#include <lambdapack/algorithm/algorithm.hpp>

void words(lp::InOut<double, 2> A) {
  for (auto k : lp::range(1, A.extent(0))) {
    A(k, k) = syrk(A(k, k), A(k, 0), A(k, 0));
    A(k, k) += syrk(A(k, 0), A(0, 0));
    A(k, k) = gemm(A(k, k), A(k, 0), A(0, k));
    A(k, k) = trsm(A(0, 0), A(k, k));
  }
}

int main() {
  lp::TiledMatrix<double> A(4, 4, 2), B(A), C(A);
  lp::run(lp::sequential{}, words, A);
  lp::gemm(A, B, C);
  lp::syrk(A, C);
  lp::trsm(A, C);
}
