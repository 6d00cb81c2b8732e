#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_chosen(lp::Tiles<double, 1>& x, bool second) {
  if (x.rows() > 1) halve(x(second));
}

// clang-format off
// expect: plain_flag_as_index.cpp:6:29: error: this is no index; write an integer or an index expression [lp-E115]
// expect:     6 |   if (x.rows() > 1) halve(x(second));
// expect:       |                             ^~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
