#include <lambdapack/lambdapack.hpp>

void careful(lp::InOut<double, 1> x) {
  try {
    for (auto i : lp::range(x.extent(0))) x(i) = scale(x(i), 0.5);
  } catch (...) {
  }
}

// clang-format off
// expect: exception_caught.cpp:4:3: error: a program may not catch exceptions: what its kernels throw ends the run, and reaches whoever started it; write try around the run [lp-E115]
// expect:     4 |   try {
// expect:       |   ^~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
