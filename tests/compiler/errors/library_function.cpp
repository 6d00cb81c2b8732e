#include <cstdlib>
#include <lambdapack/lambdapack.hpp>

void random_step(lp::InOut<double, 1> x) {
  for (auto i : lp::range(0, x.extent(0), 1 + std::rand() % 2)) x(i) = scale(x(i), 0.5);
}

// clang-format off
// expect: library_function.cpp:5:47: error: a program may not call 'rand', whose body is not in this file: what it does is not known while the program is read; call kernels, and functions of arrays and indices that are defined here [lp-E104]
// expect:     5 |   for (auto i : lp::range(0, x.extent(0), 1 + std::rand() % 2)) x(i) = scale(x(i), 0.5);
// expect:       |                                               ^~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E104 is explained in docs/diagnostics/lp-E104.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
