#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_chosen(lp::Tiles<double, 1>& x) {
  const int chosen[] = {0, 2, 1};
  for (int i = 0; i < 3; ++i) halve(x(chosen[i]));
}

// clang-format off
// expect: plain_index_of_constants.cpp:7:46: error: this is an index, which has no value while the program is read, and not an integer constant; write one [lp-E115]
// expect:     7 |   for (int i = 0; i < 3; ++i) halve(x(chosen[i]));
// expect:       |                                              ^
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
