#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

int height(int n) {
  int levels = 0;
  while (n > 1) {
    n = (n + 1) / 2;
    ++levels;
  }
  return levels;
}

void halve_levels(lp::Tiles<double, 1>& x) {
  for (int level = 0; level < height(x.rows()); ++level) halve(x(level));
}

// clang-format off
// expect: plain_loop_in_helper.cpp:7:10: error: this condition on indices has no value while the program is read; a function of integers is one expression of them: write the loop in the function over lp::Tiles [lp-E111]
// expect:     7 |   while (n > 1) {
// expect:       |          ^~~~~
// expect: plain_loop_in_helper.cpp:15:31: note: in this call of 'height'
// expect:    15 |   for (int level = 0; level < height(x.rows()); ++level) halve(x(level));
// expect:       |                               ^~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E111 is explained in docs/diagnostics/lp-E111.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
