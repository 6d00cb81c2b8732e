#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_powers(lp::Tiles<double, 1>& x, int levels) {
  for (int s = 0; s < levels; ++s) halve(x(1 << s));
}

// clang-format off
// expect: plain_shift_by_index.cpp:6:44: error: a power of two with an index for its exponent is lp::pow2(s), a word of the language; write the algorithm in the language, or hand the power over as an integer [lp-E115]
// expect:     6 |   for (int s = 0; s < levels; ++s) halve(x(1 << s));
// expect:       |                                            ^~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
