#include <lambdapack/lambdapack.hpp>

int calls = 0;

void counted(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0))) {
    x(i) = scale(x(i), 0.5);
    ++calls;
  }
}

// clang-format off
// expect: global_changed.cpp:8:5: error: a program may not change 'calls', which is outside of it: its text is read once, and its tasks change nothing but tiles; have a kernel write it to a tile [lp-E103]
// expect:     8 |     ++calls;
// expect:       |     ^~~~~~~
// expect: global_changed.cpp:3:1: note: 'calls' is declared here
// expect:     3 | int calls = 0;
// expect:       | ^~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E103 is explained in docs/diagnostics/lp-E103.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
