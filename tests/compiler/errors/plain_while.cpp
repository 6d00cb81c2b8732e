#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_all(lp::Tiles<double, 1>& x) {
  int i = 0;
  while (i < x.extent(0)) {
    halve(x(i));
    ++i;
  }
}

// clang-format off
// expect: plain_while.cpp:7:3: error: a function over lp::Tiles may not loop with while: how often it does must show in its head; write for (int k = 0; k < n; ++k) [lp-E101]
// expect:     7 |   while (i < x.extent(0)) {
// expect:       |   ^~~~~
// expect: 1 error generated.
// expect: lpc: lp-E101 is explained in docs/diagnostics/lp-E101.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
