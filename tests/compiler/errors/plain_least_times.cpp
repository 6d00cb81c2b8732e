#include <algorithm>
#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_some(lp::Tiles<double>& A) {
  const int n = std::min(A.rows(), A.cols());
  for (int k = 0; k < 2 * n; ++k) halve(A(k, 0));
}

// clang-format off
// expect: plain_least_times.cpp:8:23: error: the least or the greatest of several indices is a bound of a loop, and is added to or compared; for more, choose with if [lp-E115]
// expect:     8 |   for (int k = 0; k < 2 * n; ++k) halve(A(k, 0));
// expect:       |                       ^~~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
