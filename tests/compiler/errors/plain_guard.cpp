#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_first(lp::Tiles<double, 1>& x) {
  if (auto some = lp::when(x.extent(0) > 0)) halve(x(0));
}

// clang-format off
// expect: plain_guard.cpp:6:23: error: lp::when takes a condition on indices, and this is a bool, which is known while the program is traced; use an ordinary if [lp-E115]
// expect:     6 |   if (auto some = lp::when(x.extent(0) > 0)) halve(x(0));
// expect:       |                       ^
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 0 programs checked, 1 error, 0 warnings
