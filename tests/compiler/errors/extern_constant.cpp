#include <lambdapack/lambdapack.hpp>

extern const double tolerance;

void scaled(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0))) x(i) = scale(x(i), tolerance);
}

// clang-format off
// expect: extern_constant.cpp:6:48: error: 'tolerance' is given its value in another file; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:     6 |   for (auto i : lp::range(x.extent(0))) x(i) = scale(x(i), tolerance);
// expect:       |                                                ^~~~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E111 is explained in docs/diagnostics/lp-E111.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
