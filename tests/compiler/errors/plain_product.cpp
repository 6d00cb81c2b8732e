#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_squares(lp::Tiles<double, 1>& x) {
  for (int i = 0; i * i < x.extent(0); ++i) halve(x(i * i));
}

// clang-format off
// expect: plain_product.cpp:6:19: error: a product of two indices is not affine; multiply an index by a constant only, or give the array one more dimension [lp-E006]
// expect:     6 |   for (int i = 0; i * i < x.extent(0); ++i) halve(x(i * i));
// expect:       |                   ^~~~~
// expect: 1 error generated.
// expect: lpc: lp-E006 is explained in docs/diagnostics/lp-E006.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
