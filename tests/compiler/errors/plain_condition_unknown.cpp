#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

bool is_wanted;

void halve_wanted(lp::Tiles<double, 1>& x) {
  if (is_wanted) halve(x(0));
}

// clang-format off
// expect: plain_condition_unknown.cpp:8:7: error: the value of 'is_wanted', which is not const, may change; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:     8 |   if (is_wanted) halve(x(0));
// expect:       |       ^~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E111 is explained in docs/diagnostics/lp-E111.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
