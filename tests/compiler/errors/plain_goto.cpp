#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_all(lp::Tiles<double, 1>& x) {
  goto end;
end:
  halve(x(0));
}

// clang-format off
// expect: plain_goto.cpp:6:3: error: a program may not jump with goto; write its statements in the order in which they are to be, in loops and under conditions [lp-E110]
// expect:     6 |   goto end;
// expect:       |   ^~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E110 is explained in docs/diagnostics/lp-E110.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
