#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_both(lp::Tiles<double, 1>& x) {
  if (x.rows() > 1) (void)(halve(x(0)), halve(x(1)));
}

// clang-format off
// expect: plain_comma_inside.cpp:6:41: error: another tile of the expression around is still lent here, which C++ takes back only at its end; write two statements [lp-E115]
// expect:     6 |   if (x.rows() > 1) (void)(halve(x(0)), halve(x(1)));
// expect:       |                                         ^~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
