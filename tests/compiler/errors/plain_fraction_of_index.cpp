#include <lambdapack/lambdapack.hpp>

void scale_by(lp::inout<double> a, double factor);

void fade(lp::Tiles<double, 1>& x) {
  for (int i = 0; i < x.rows(); ++i) scale_by(x(i), 0.5 * i);
}

// clang-format off
// expect: plain_fraction_of_index.cpp:6:53: error: this computes a number with a fraction from an index, which has no value while the program is read; hand the index to the kernel, and compute there [lp-E115]
// expect:     6 |   for (int i = 0; i < x.rows(); ++i) scale_by(x(i), 0.5 * i);
// expect:       |                                                     ^~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
