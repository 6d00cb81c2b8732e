#include <lambdapack/lambdapack.hpp>

void forever(lp::InOut<double, 1> x) {
  for (int level = 0;; ++level) x(level) = scale(x(level), 0.5);
}

// clang-format off
// expect: endless_loop.cpp:4:3: error: ordinary loops are written out, and this one has more than ten thousand rounds, or never ends; write a loop of the program, for (auto i : lp::range(n)) [lp-E102]
// expect:     4 |   for (int level = 0;; ++level) x(level) = scale(x(level), 0.5);
// expect:       |   ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E102 is explained in docs/diagnostics/lp-E102.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
