#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_middles(lp::Tiles<double, 1>& x) {
  for (int i = 0; i < x.rows(); ++i) halve(x((i - 1) / 2));
}

// clang-format off
// expect: plain_negative_index.cpp:6:46: error: what is divided here may be negative, where C++ rounds up and the remainder is negative, unlike in the task graph; guard it with if, or write it so that it is not [lp-E120]
// expect:     6 |   for (int i = 0; i < x.rows(); ++i) halve(x((i - 1) / 2));
// expect:       |                                              ^~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E120 is explained in docs/diagnostics/lp-E120.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
