#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_all(lp::Tiles<double, 1>& x) {
  for (unsigned i = x.rows(); i > 0; i -= 2) halve(x(i - 1));
}

// clang-format off
// expect: plain_unsigned_down.cpp:6:31: error: this may be below 0, where an unsigned integer becomes a very large one; use int [lp-E120]
// expect:     6 |   for (unsigned i = x.rows(); i > 0; i -= 2) halve(x(i - 1));
// expect:       |                               ^~~~~
// expect: 1 error generated.
// expect: lpc: lp-E120 is explained in docs/diagnostics/lp-E120.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
