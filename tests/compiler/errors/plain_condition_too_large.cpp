#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_some(lp::Tiles<double, 1>& x, int i, int j) {
  if (x.rows() > 0 && (i == 0 || j == 1) && (i == 1 || j == 2) && (i == 2 || j == 3) &&
      (i == 3 || j == 4) && (i == 4 || j == 5) && (i == 5 || j == 6) && (i == 6 || j == 7) &&
      (i == 7 || j == 8) && (i == 8 || j == 9) && (i == 9 || j == 10))
    halve(x(0));
}

// clang-format off
// expect: plain_condition_too_large.cpp:6:7: error: this condition has more than 1000 alternatives when it is multiplied out; put one condition inside of another instead of joining them [lp-E011]
// expect:     6 |   if (x.rows() > 0 && (i == 0 || j == 1) && (i == 1 || j == 2) && (i == 2 || j == 3) &&
// expect:       |       ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
// expect:     7 |       (i == 3 || j == 4) && (i == 4 || j == 5) && (i == 5 || j == 6) && (i == 6 || j == 7) &&
// expect:       |       ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
// expect:     8 |       (i == 7 || j == 8) && (i == 8 || j == 9) && (i == 9 || j == 10))
// expect:       |       ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E011 is explained in docs/diagnostics/lp-E011.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
