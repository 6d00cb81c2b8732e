#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);
void scale_by(lp::inout<double> a, double factor);

void f(const lp::Tiles<double, 1>& x) {
  for (int i = 0; i < x.rows(); ++i) halve(const_cast<lp::Tiles<double, 1>&>(x)(i));
}

// clang-format off
// expect: plain_const_cast.cpp:7:44: error: this takes away a const that says what is only read; declare what it names without const, as in lp::Tiles<T>& [lp-E115]
// expect:     7 |   for (int i = 0; i < x.rows(); ++i) halve(const_cast<lp::Tiles<double, 1>&>(x)(i));
// expect:       |                                            ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
