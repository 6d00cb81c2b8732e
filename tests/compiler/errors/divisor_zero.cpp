#include <lambdapack/lambdapack.hpp>

void divided(lp::InOut<double, 1> x, lp::Out<double, 1> y) {
  for (auto i : lp::range(x.extent(0))) y(i) = copy(x(i / 0));
}

// clang-format off
// expect: divisor_zero.cpp:4:55: error: the / has divisor 0; give it an integer constant from 1 to 2147483648 [lp-E006]
// expect:     4 |   for (auto i : lp::range(x.extent(0))) y(i) = copy(x(i / 0));
// expect:       |                                                       ^~~~~
// expect: 1 error generated.
// expect: lpc: lp-E006 is explained in docs/diagnostics/lp-E006.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
