#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_all(lp::Tiles<double, 1>& x) {
  for (auto i : lp::range(3)) halve(x(0));
}

// clang-format off
// expect: plain_range.cpp:6:3: error: a loop over lp::range belongs to the language, and does not run in a function over lp::Tiles; write for (int k = 0; k < n; ++k) [lp-E115]
// expect:     6 |   for (auto i : lp::range(3)) halve(x(0));
// expect:       |   ^~~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
