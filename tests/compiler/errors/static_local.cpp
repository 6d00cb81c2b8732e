#include <lambdapack/lambdapack.hpp>

void counted(lp::InOut<double, 1> x) {
  static int calls = 0;
  x(calls) = scale(x(calls), 0.5);
}

// clang-format off
// expect: static_local.cpp:5:22: error: the value of 'calls', which is not const, may change; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:     5 |   x(calls) = scale(x(calls), 0.5);
// expect:       |                      ^~~~~
// expect: 1 error generated.
// expect: lpc: lp-E111 is explained in docs/diagnostics/lp-E111.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
