#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

int one(lp::Tiles<double, 1>& x) {
  halve(x(0));
  return 1;
}

void f(lp::Tiles<double, 1>& x) {
  for (int k = 0; k < x.rows(); k += one(x)) halve(x(k));
}

// clang-format off
// expect: plain_step_with_call.cpp:6:3: error: whether 'halve' is called is decided inside of an expression here; write if (condition) before a statement that calls it [lp-E115]
// expect:     6 |   halve(x(0));
// expect:       |   ^~~~~~~~~~~
// expect: plain_step_with_call.cpp:11:38: note: in this call of 'one'
// expect:    11 |   for (int k = 0; k < x.rows(); k += one(x)) halve(x(k));
// expect:       |                                      ^~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
