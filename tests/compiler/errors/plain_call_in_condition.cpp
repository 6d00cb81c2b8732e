#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

bool halved(lp::Tiles<double, 1>& x, int i) {
  halve(x(i));
  return true;
}

void halve_some(lp::Tiles<double, 1>& x) {
  const int n = x.rows();
  n > 2 && (halve(x(0)), true);
  for (int i = 0; i < n; ++i)
    if (i == 1 || halved(x, i)) halve(x(i));
  for (int i = 0; halved(x, 0) && i < n; ++i) halve(x(i));
}

// clang-format off
// expect: plain_call_in_condition.cpp:12:9: warning: expression result unused
// expect:    12 |   n > 2 && (halve(x(0)), true);
// expect:       |   ~~~~~ ^  ~~~~~~~~~~~~~~~~~~~
// expect: plain_call_in_condition.cpp:12:13: error: whether 'halve' is called is decided inside of an expression here; write if (condition) before a statement that calls it [lp-E115]
// expect:    12 |   n > 2 && (halve(x(0)), true);
// expect:       |             ^~~~~~~~~~~
// expect: plain_call_in_condition.cpp:6:3: error: whether 'halve' is called is decided inside of an expression here; write if (condition) before a statement that calls it [lp-E115]
// expect:     6 |   halve(x(i));
// expect:       |   ^~~~~~~~~~~
// expect: plain_call_in_condition.cpp:14:19: note: in this call of 'halved'
// expect:    14 |     if (i == 1 || halved(x, i)) halve(x(i));
// expect:       |                   ^~~~~~~~~~~~
// expect: 1 warning and 2 errors generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 2 errors, 1 warning
