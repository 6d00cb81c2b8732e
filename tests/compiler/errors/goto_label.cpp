#include <lambdapack/lambdapack.hpp>

void again(lp::InOut<double, 1> x) {
  int times = 0;
begin:
  x(times) = scale(x(times), 0.5);
  goto begin;
}

// clang-format off
// expect: goto_label.cpp:7:3: error: a program may not jump with goto; write its statements in the order in which they are to be, in loops and under conditions [lp-E110]
// expect:     7 |   goto begin;
// expect:       |   ^~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E110 is explained in docs/diagnostics/lp-E110.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
