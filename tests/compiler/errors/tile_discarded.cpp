#include <lambdapack/lambdapack.hpp>

void named(lp::InOut<double, 1> x) {
  x(0) = scale(x(0), 0.5);
  x(1);
}

// clang-format off
// expect: tile_discarded.cpp:5:3: error: this names a tile and does nothing with it; write A(i, j) = kernel(...) [lp-E108]
// expect:     5 |   x(1);
// expect:       |   ^~~~
// expect: 1 error generated.
// expect: lpc: lp-E108 is explained in docs/diagnostics/lp-E108.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
