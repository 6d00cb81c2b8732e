#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);
void scale_by(lp::inout<double> a, double factor);
void scale_by_unsigned(lp::inout<double> a, unsigned factor);

void f(lp::Tiles<double, 1>& x) {
  for (int i = 0; i < x.rows(); ++i) scale_by_unsigned(x(i), -1);
}

// clang-format off
// expect: plain_kernel_integer_too_large.cpp:8:62: error: the number 4294967295 is too large for a kernel's integer, which is from -2147483648 to 2147483648; hand it over as a double [lp-E011]
// expect:     8 |   for (int i = 0; i < x.rows(); ++i) scale_by_unsigned(x(i), -1);
// expect:       |                                                              ^~
// expect: 1 error generated.
// expect: lpc: lp-E011 is explained in docs/diagnostics/lp-E011.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
