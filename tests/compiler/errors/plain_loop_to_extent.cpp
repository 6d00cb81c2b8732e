#include <lambdapack/lambdapack.hpp>

void plain(lp::InOut<double, 1> x) {
  for (int i = 0; i < x.extent(0); ++i) x(i) = scale(x(i), 0.5);
}

// clang-format off
// expect: plain_loop_to_extent.cpp:4:19: error: a condition on indices has no value while a program is traced; loop with for (auto i : lp::range(n)) and guard with if (auto x = lp::when(condition)) [lp-E115]
// expect:     4 |   for (int i = 0; i < x.extent(0); ++i) x(i) = scale(x(i), 0.5);
// expect:       |                   ^
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 0 programs checked, 1 error, 0 warnings
