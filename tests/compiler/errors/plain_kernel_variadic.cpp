#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);
void scale_by(lp::inout<double> a, double factor);
void any(lp::inout<double> a, ...);

void f(lp::Tiles<double, 1>& x) {
  for (int i = 0; i < x.rows(); ++i) any(x(i), i);
}

// clang-format off
// expect: plain_kernel_variadic.cpp:8:38: error: this kernel takes any arguments behind its parameters, which a task does not hand over; give it a parameter for each [lp-E115]
// expect:     8 |   for (int i = 0; i < x.rows(); ++i) any(x(i), i);
// expect:       |                                      ^~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
