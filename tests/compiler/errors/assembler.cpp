#include <lambdapack/lambdapack.hpp>

void assembled(lp::InOut<double, 1> x) {
  asm("nop");
  x(0) = scale(x(0), 0.5);
}

// clang-format off
// expect: assembler.cpp:4:3: error: a program may not contain assembly language; write loops over lp::range, guards of lp::when, and tile = kernel(...) [lp-E115]
// expect:     4 |   asm("nop");
// expect:       |   ^~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
