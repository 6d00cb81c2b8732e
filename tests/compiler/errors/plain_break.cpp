#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_some(lp::Tiles<double, 1>& x) {
  for (int i = 0; i < x.extent(0); ++i) {
    if (i == 3) break;
    halve(x(i));
  }
}

// clang-format off
// expect: plain_break.cpp:7:17: error: a function over lp::Tiles may not break here: it would leave statements out for some sizes only; put the condition into the head of the loop, or around the statements with if [lp-E109]
// expect:     7 |     if (i == 3) break;
// expect:       |                 ^~~~~
// expect: 1 error generated.
// expect: lpc: lp-E109 is explained in docs/diagnostics/lp-E109.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
