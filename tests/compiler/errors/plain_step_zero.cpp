#include <lambdapack/lambdapack.hpp>

constexpr int stride = 0;

void f(lp::Tiles<double, 1>& x) {
  for (int i = 0; i < x.rows(); i += stride) scale(x(i), 0.5);
}

// clang-format off
// expect: plain_step_zero.cpp:6:33: error: the step of this loop is 0, so that it never ends; write for (int k = 0; k < n; ++k), with a constant step and a comparison of the counter [lp-E102]
// expect:     6 |   for (int i = 0; i < x.rows(); i += stride) scale(x(i), 0.5);
// expect:       |                                 ^~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E102 is explained in docs/diagnostics/lp-E102.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
