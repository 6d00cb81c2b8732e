#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_before(lp::Tiles<double, 1>& x, int k) {
  const unsigned before = k - 1;
  halve(x(before));
}
void halve_all(lp::Tiles<double, 1>& x) {
  for (int k = 1; k < x.rows(); ++k) halve_before(x, k);
}

// clang-format off
// expect: plain_part_unsigned.cpp:6:27: remark: halve_before is checked as a part of the programs that call it, since it is no program by itself: this may be below 0, where an unsigned integer becomes a very large one; use int [lp-E120]
// expect:     6 |   const unsigned before = k - 1;
// expect:       |                           ^~~~~
// expect: lpc: lp-E120 is explained in docs/diagnostics/lp-E120.md
// expect: lpc: 2 programs checked, 0 errors, 0 warnings
