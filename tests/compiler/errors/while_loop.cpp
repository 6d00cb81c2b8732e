#include <lambdapack/lambdapack.hpp>

void halve_until(lp::InOut<double, 1> x) {
  int level = 0;
  while (level < 3) {
    for (auto i : lp::range(x.extent(0))) x(i) = scale(x(i), 0.5);
    ++level;
  }
}

// clang-format off
// expect: while_loop.cpp:5:3: error: a program may not loop with while, since its text is read once for all sizes; write for (auto i : lp::range(n)), and lp::stop_if where a tile ends the loop early [lp-E101]
// expect:     5 |   while (level < 3) {
// expect:       |   ^~~~~
// expect: 1 error generated.
// expect: lpc: lp-E101 is explained in docs/diagnostics/lp-E101.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
