#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);
void scale_by(lp::inout<double> a, double factor);

int first_of_large() {
  int a[1000][1000][5];
  a[0][0][0] = 1;
  return a[0][0][0];
}

void f(lp::Tiles<double, 1>& x) {
  for (int i = 0; i < x.rows(); ++i) scale_by(x(i), first_of_large());
}

// clang-format off
// expect: plain_array_too_large.cpp:7:3: error: this array has 5000000 elements, and at most a million are made while the program is read; make it smaller, or compute in kernels [lp-E102]
// expect:     7 |   int a[1000][1000][5];
// expect:       |   ^~~~~~~~~~~~~~~~~~~~
// expect: plain_array_too_large.cpp:13:53: note: in this call of 'first_of_large'
// expect:    13 |   for (int i = 0; i < x.rows(); ++i) scale_by(x(i), first_of_large());
// expect:       |                                                     ^~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E102 is explained in docs/diagnostics/lp-E102.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
