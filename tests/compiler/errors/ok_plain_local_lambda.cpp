#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_lower(lp::Tiles<double>& A) {
  const int n = A.rows();
  const auto column = [&](lp::Tiles<double>& T, int k) {
    for (int i = k; i < n; ++i) halve(T(i, k));
  };
  if (A.rows() == A.cols())
    for (int k = 0; k < A.cols(); ++k) column(A, k);
}

// clang-format off
// expect: lpc: 1 program checked, 0 errors, 0 warnings
