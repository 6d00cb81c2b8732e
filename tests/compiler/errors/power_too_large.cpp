#include <lambdapack/lambdapack.hpp>

void huge(lp::InOut<double, 1> x) {
  x(lp::pow2(40)) = scale(x(lp::pow2(40)), 0.5);
}

// clang-format off
// expect: power_too_large.cpp:4:29: error: the lp::pow2 is 2 to the power of 40, which no index reaches; give it a smaller exponent [lp-E006]
// expect:     4 |   x(lp::pow2(40)) = scale(x(lp::pow2(40)), 0.5);
// expect:       |                             ^~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E006 is explained in docs/diagnostics/lp-E006.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
