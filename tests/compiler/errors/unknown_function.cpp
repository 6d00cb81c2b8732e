#include <lambdapack/lambdapack.hpp>

int measured_size();

void sized(lp::InOut<double, 1> x) {
  for (auto i : lp::range(measured_size())) x(i) = scale(x(i), 0.5);
}

// clang-format off
// expect: unknown_function.cpp:6:27: error: a program may not call 'measured_size', whose body is not in this file: what it does is not known while the program is read; call kernels, and functions of arrays and indices that are defined here [lp-E104]
// expect:     6 |   for (auto i : lp::range(measured_size())) x(i) = scale(x(i), 0.5);
// expect:       |                           ^~~~~~~~~~~~~~~
// expect: unknown_function.cpp:3:5: note: 'measured_size' is declared here
// expect:     3 | int measured_size();
// expect:       |     ^~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E104 is explained in docs/diagnostics/lp-E104.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
