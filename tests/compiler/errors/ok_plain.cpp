#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_all(lp::Tiles<double, 1>& x) {
  for (int i = 0; i < x.extent(0); ++i) halve(x(i));
}

// clang-format off
// expect: lpc: 1 program checked, 0 errors, 0 warnings
