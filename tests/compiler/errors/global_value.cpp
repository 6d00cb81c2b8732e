#include <lambdapack/lambdapack.hpp>

int chosen_size = 4;

void sized(lp::InOut<double, 1> x) {
  for (auto i : lp::range(chosen_size)) x(i) = scale(x(i), 0.5);
}

// clang-format off
// expect: global_value.cpp:6:27: error: the value of 'chosen_size', which is not const, may change; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:     6 |   for (auto i : lp::range(chosen_size)) x(i) = scale(x(i), 0.5);
// expect:       |                           ^~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E111 is explained in docs/diagnostics/lp-E111.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
