#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);
void scale_by(lp::inout<double> a, double factor);

lp::Expr shift = 1;
lp::Range rows = lp::range(0, 1);
auto half = lp::make_kernel("half", [](lp::inout<double> a) { a(0, 0) /= 2; });

void shifted(lp::InOut<double, 1> x) { x(shift) = half(x(shift)); }
void ranged(lp::InOut<double, 1> x) {
  for (auto i : rows) x(i) = half(x(i));
}

// clang-format off
// expect: global_expression.cpp:10:58: error: the value of 'shift', which is not const, may change; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:    10 | void shifted(lp::InOut<double, 1> x) { x(shift) = half(x(shift)); }
// expect:       |                                                          ^~~~~
// expect: global_expression.cpp:12:17: error: the value of 'rows', which is not const, may change; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:    12 |   for (auto i : rows) x(i) = half(x(i));
// expect:       |                 ^~~~
// expect: 2 errors generated.
// expect: lpc: lp-E111 is explained in docs/diagnostics/lp-E111.md
// expect: lpc: 2 programs checked, 2 errors, 0 warnings
