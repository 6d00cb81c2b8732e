#include <lambdapack/lambdapack.hpp>

bool verbose = false;

void chosen(lp::InOut<double, 1> x) {
  if (verbose) x(0) = scale(x(0), 2.0);
  x(1) = scale(x(1), 2.0);
}

// clang-format off
// expect: condition_unknown.cpp:6:7: error: the value of 'verbose', which is not const, may change; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:     6 |   if (verbose) x(0) = scale(x(0), 2.0);
// expect:       |       ^~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E111 is explained in docs/diagnostics/lp-E111.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
