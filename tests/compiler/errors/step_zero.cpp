#include <lambdapack/lambdapack.hpp>

void stepping(lp::InOut<double, 1> x) {
  for (auto i : lp::range(0, x.extent(0), 0)) x(i) = scale(x(i), 0.5);
}

// clang-format off
// expect: step_zero.cpp:4:17: error: the lp::range has step 0; give it a step that is not 0 [lp-E007]
// expect:     4 |   for (auto i : lp::range(0, x.extent(0), 0)) x(i) = scale(x(i), 0.5);
// expect:       |                 ^~~~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E007 is explained in docs/diagnostics/lp-E007.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
