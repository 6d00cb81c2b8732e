#include <lambdapack/lambdapack.hpp>

void added(lp::In<double, 2> A, lp::InOut<double, 2> C) {
  for (auto i : lp::range(C.extent(0))) {
    C(i, 0) = scale(C(i, 0), 2.0);
    gemm(A(i, 0), A(0, i));
  }
}
