#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_all(lp::Tiles<double, 1>& x) {
  try {
    halve(x(0));
  } catch (...) {
    halve(x(1));
  }
}

// clang-format off
// expect: plain_try.cpp:6:3: error: a program may not catch exceptions: what its kernels throw ends the run, and reaches whoever started it; write try around the run [lp-E115]
// expect:     6 |   try {
// expect:       |   ^~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
