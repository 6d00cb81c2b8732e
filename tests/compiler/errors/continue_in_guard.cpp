#include <lambdapack/lambdapack.hpp>

void all_but_some(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0))) {
    if (auto even = lp::when(i % 2 == 0)) continue;
    x(i) = scale(x(i), 0.5);
  }
}

// clang-format off
// expect: continue_in_guard.cpp:5:43: error: a program may not continue out of a loop over lp::range or a guard, whose text stands for many runs; let it run to its end, and choose statements with if (auto x = lp::when(condition)) [lp-E109]
// expect:     5 |     if (auto even = lp::when(i % 2 == 0)) continue;
// expect:       |                                           ^~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E109 is explained in docs/diagnostics/lp-E109.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
