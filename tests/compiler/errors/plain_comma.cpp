#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_both(lp::Tiles<double, 1>& x) {
  halve(x(0)), halve(x(1));
}

// clang-format off
// expect: plain_comma.cpp:6:3: error: a comma joins two calls here, which C++ then lends their tiles together; write two statements [lp-E115]
// expect:     6 |   halve(x(0)), halve(x(1));
// expect:       |   ^~~~~~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
