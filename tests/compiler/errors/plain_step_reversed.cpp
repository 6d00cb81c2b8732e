#include <lambdapack/lambdapack.hpp>

void f(lp::Tiles<double, 1>& x) {
  if (x.rows() < 6) return;
  for (int i = 5; i >= 0; i = 3 - i) scale(x(i), 0.5);
}

// clang-format off
// expect: plain_step_reversed.cpp:5:27: error: the step of this loop is no constant; write for (int k = 0; k < n; ++k), with a constant step and a comparison of the counter [lp-E115]
// expect:     5 |   for (int i = 5; i >= 0; i = 3 - i) scale(x(i), 0.5);
// expect:       |                           ^~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
