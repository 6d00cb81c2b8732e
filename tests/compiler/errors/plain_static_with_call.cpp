#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

int first(lp::Tiles<double, 1>& x) {
  halve(x(0));
  return 0;
}

void f(lp::Tiles<double, 1>& x) {
  static const int once = (halve(x(0)), 0);
  static int other = first(x);
  static const int fine = 2;
  halve(x(fine + once + other));
}

// clang-format off

// clang-format off
// expect: plain_static_with_call.cpp:11:34: error: 'x' is another one in each call, and a static variable is made of it in the first call only; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:    11 |   static const int once = (halve(x(0)), 0);
// expect:       |                                  ^
// expect: plain_static_with_call.cpp:6:9: error: 'x' is another one in each call, and a static variable is made of it in the first call only; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:     6 |   halve(x(0));
// expect:       |         ^
// expect: plain_static_with_call.cpp:12:22: note: in this call of 'first'
// expect:    12 |   static int other = first(x);
// expect:       |                      ^~~~~~~~
// expect: 2 errors generated.
// expect: lpc: lp-E111 is explained in docs/diagnostics/lp-E111.md
// expect: lpc: 1 program checked, 2 errors, 0 warnings
