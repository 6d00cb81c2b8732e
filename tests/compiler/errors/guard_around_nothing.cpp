#include <lambdapack/lambdapack.hpp>

void loose(lp::InOut<double, 1> x) {
  lp::when(x.extent(0) > 1);
  x(0) = scale(x(0), 2.0);
}

// clang-format off
// expect: guard_around_nothing.cpp:4:3: error: this guard ends before anything stands in it; write if (auto inside = lp::when(condition)) { ... } [lp-E113]
// expect:     4 |   lp::when(x.extent(0) > 1);
// expect:       |   ^~~~~~~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E113 is explained in docs/diagnostics/lp-E113.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
