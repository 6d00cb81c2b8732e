#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_some(lp::Tiles<double, 1>& x) {
  if (x.extent(0) < 3) return;
  halve(x(0));
}

// clang-format off
// expect: lpc: 1 program checked, 0 errors, 0 warnings
