#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_all(lp::Tiles<double, 1>& x) {
  static const int n = x.rows();
  for (int k = 0; k < n; ++k) halve(x(k));
}

// clang-format off
// expect: plain_static_size.cpp:6:24: error: 'x' is another one in each call, and a static variable is made of it in the first call only; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:     6 |   static const int n = x.rows();
// expect:       |                        ^
// expect: 1 error generated.
// expect: lpc: lp-E111 is explained in docs/diagnostics/lp-E111.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
