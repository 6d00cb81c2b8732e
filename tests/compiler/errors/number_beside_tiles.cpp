#include <lambdapack/lambdapack.hpp>

void multiply(lp::inout<double> a, double factor) { a(0, 0) *= factor; }

void scaled(lp::Tiles<double>& A, double factor = 2) {
  for (int i = 0; i < A.rows(); ++i) multiply(A(i, i), factor);
}

// clang-format off
// expect: number_beside_tiles.cpp:5:35: warning: the function scaled is no program by itself, only one that others may call, since its parameter 'factor' is a constant (double); a function over lp::Tiles that is run takes arrays, integers and bools: move others into the kernels [lp-W102]
// expect:     5 | void scaled(lp::Tiles<double>& A, double factor = 2) {
// expect:       |                                   ^~~~~~~~~~~~~~~~~
// expect: 1 warning generated.
// expect: lpc: lp-W102 is explained in docs/diagnostics/lp-W102.md
// expect: lpc: 0 programs checked, 0 errors, 1 warning
