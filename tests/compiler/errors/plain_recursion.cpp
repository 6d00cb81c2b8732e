#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_from(lp::Tiles<double, 1>& x, int first) {
  halve(x(first));
  if (first + 1 < x.extent(0)) halve_from(x, first + 1);
}

void halve_all(lp::Tiles<double, 1>& x) { halve_from(x, 0); }

// clang-format off
// expect: plain_recursion.cpp:7:32: error: a program may not call itself, as 'halve_from' does: its text would have no end; write a loop [lp-E106]
// expect:     7 |   if (first + 1 < x.extent(0)) halve_from(x, first + 1);
// expect:       |                                ^~~~~~~~~~~~~~~~~~~~~~~~
// expect: plain_recursion.cpp:5:6: note: 'halve_from' was entered here
// expect:     5 | void halve_from(lp::Tiles<double, 1>& x, int first) {
// expect:       |      ^~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E106 is explained in docs/diagnostics/lp-E106.md
// expect: lpc: 2 programs checked, 1 error, 0 warnings
