#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

int clamped(int i, int n) {
  if (i < n) return i;
  return n - 1;
}

void halve_next(lp::Tiles<double, 1>& x) {
  for (int i = 0; i < x.rows(); ++i) halve(x(clamped(i + 1, x.rows())));
}

// clang-format off
// expect: plain_if_in_helper.cpp:6:7: error: this condition on indices has no value while the program is read; a function of integers is one expression of them: take std::min or std::max, or choose with if in the function over lp::Tiles, between calls of kernels [lp-E111]
// expect:     6 |   if (i < n) return i;
// expect:       |       ^~~~~
// expect: plain_if_in_helper.cpp:11:46: note: in this call of 'clamped'
// expect:    11 |   for (int i = 0; i < x.rows(); ++i) halve(x(clamped(i + 1, x.rows())));
// expect:       |                                              ^~~~~~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E111 is explained in docs/diagnostics/lp-E111.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
