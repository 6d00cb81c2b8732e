#include <lambdapack/lambdapack.hpp>

const auto ones = lp::make_kernel("ones", [](lp::out<double> x) { x.resize(1, 1); });

void ruled(lp::Out<double, 1> y) {
  y.unwritten(lp::zero);
  y.unwritten(ones);
  y(0) = ones();
}

// clang-format off
// expect: two_rules.cpp:7:3: error: two rules for what unwritten tiles of y hold; give the array one [lp-E008]
// expect:     7 |   y.unwritten(ones);
// expect:       |   ^~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E008 is explained in docs/diagnostics/lp-E008.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
