#include <lambdapack/lambdapack.hpp>

void some(lp::InOut<double, 1> x) {
  if (auto small = lp::when(x.extent(0) < 2)) return;
  for (auto i : lp::range(x.extent(0))) x(i) = scale(x(i), 0.5);
}

// clang-format off
// expect: return_in_guard.cpp:4:47: error: a program may not return out of a loop over lp::range or a guard, whose text stands for many runs; let it run to its end, and choose statements with if (auto x = lp::when(condition)) [lp-E109]
// expect:     4 |   if (auto small = lp::when(x.extent(0) < 2)) return;
// expect:       |                                               ^~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E109 is explained in docs/diagnostics/lp-E109.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
