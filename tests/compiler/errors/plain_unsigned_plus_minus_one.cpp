#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_before(lp::Tiles<double, 1>& x) {
  const unsigned n = x.rows();
  for (unsigned k = 1; k < n; ++k) halve(x(k + -1));
}

// clang-format off
// expect: plain_unsigned_plus_minus_one.cpp:7:48: error: this constant is as large as only a negative one that was made unsigned, and the result would turn around; use int [lp-E120]
// expect:     7 |   for (unsigned k = 1; k < n; ++k) halve(x(k + -1));
// expect:       |                                                ^~
// expect: 1 error generated.
// expect: lpc: lp-E120 is explained in docs/diagnostics/lp-E120.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
