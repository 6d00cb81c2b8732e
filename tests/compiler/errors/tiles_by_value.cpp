#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a) { a(0, 0) /= 2; }

void all_halved(lp::Tiles<double> A) {
  for (int i = 0; i < A.rows(); ++i) halve(A(i, i));
}

// clang-format off
