#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_some(lp::Tiles<double, 1>& x) {
  int next = 0;
  for (int i = 0; i < x.extent(0); ++i) {
    next = next + 2;
    halve(x(next));
  }
}

// clang-format off
// expect: plain_mutable_local.cpp:8:5: error: a program may not change 'next': it would have one value for all runs of a loop; give each value a const name of its own, or write an index expression of the loops around [lp-E105]
// expect:     8 |     next = next + 2;
// expect:       |     ^~~~~~~~~~~~~~~
// expect: plain_mutable_local.cpp:6:3: note: 'next' is declared here
// expect:     6 |   int next = 0;
// expect:       |   ^~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E105 is explained in docs/diagnostics/lp-E105.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
