#include <lambdapack/lambdapack.hpp>

void multiply(lp::inout<double> a, double factor) { a(0, 0) *= factor; }

void scaled(lp::Tiles<double>& A, double factor = 2) {
  for (int i = 0; i < A.rows(); ++i) multiply(A(i, i), factor);
}

void twice(lp::Tiles<double>& A) { scaled(A, 2); }

// clang-format off
