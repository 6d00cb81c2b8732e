#include <lambdapack/lambdapack.hpp>

void stepping(lp::InOut<double, 1> x, lp::Integer step) {
  for (auto i : lp::range(0, x.extent(0), step)) x(i) = scale(x(i), 0.5);
}

// clang-format off
// expect: step_symbolic.cpp:4:17: error: the step of the lp::range is neither a constant nor a positive multiple of one power; take it from a parameter of the program that is an int, not an lp::Integer, or write lp::pow2(level) [lp-E006]
// expect:     4 |   for (auto i : lp::range(0, x.extent(0), step)) x(i) = scale(x(i), 0.5);
// expect:       |                 ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E006 is explained in docs/diagnostics/lp-E006.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
