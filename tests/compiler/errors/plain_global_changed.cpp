#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

int calls = 0;

void halve_all(lp::Tiles<double, 1>& x) {
  for (int i = 0; i < x.extent(0); ++i) {
    ++calls;
    halve(x(i));
  }
}

// clang-format off
// expect: plain_global_changed.cpp:9:5: error: a program may not change 'calls', which is outside of it: its text is read once, and its tasks change nothing but tiles; have a kernel write it to a tile [lp-E103]
// expect:     9 |     ++calls;
// expect:       |     ^~~~~~~
// expect: plain_global_changed.cpp:5:1: note: 'calls' is declared here
// expect:     5 | int calls = 0;
// expect:       | ^~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E103 is explained in docs/diagnostics/lp-E103.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
