#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

struct Steps {
  int done = 0;
  int next() { return done++; }
};
int difference(int a, int b) { return a - b; }

int twice() {
  Steps steps;
  return 1 + difference(steps.next(), steps.next());
}
int read_beside() {
  Steps steps;
  return steps.done + steps.next();
}
int in_turn() {
  Steps steps;
  int k = steps.next();
  k += steps.next();
  const int both[] = {steps.next(), steps.next()};
  return difference(k + both[1], Steps().next() + Steps().next());
}

void f(lp::Tiles<double, 1>& x) {
  halve(x(twice()));
  halve(x(read_beside()));
  halve(x(in_turn()));
}

// clang-format off
// expect: plain_change_in_open_order.cpp:13:39: error: one operand of an expression changes here what another looks at, in an order that C++ leaves open; compute them in statements of their own [lp-E115]
// expect:    13 |   return 1 + difference(steps.next(), steps.next());
// expect:       |                                       ^~~~~~~~~~~~
// expect: plain_change_in_open_order.cpp:13:25: note: the other operand is here
// expect:    13 |   return 1 + difference(steps.next(), steps.next());
// expect:       |                         ^~~~~~~~~~~~
// expect: plain_change_in_open_order.cpp:28:11: note: in this call of 'twice'
// expect:    28 |   halve(x(twice()));
// expect:       |           ^~~~~~~
// expect: plain_change_in_open_order.cpp:17:23: error: one operand of an expression changes here what another looks at, in an order that C++ leaves open; compute them in statements of their own [lp-E115]
// expect:    17 |   return steps.done + steps.next();
// expect:       |                       ^~~~~~~~~~~~
// expect: plain_change_in_open_order.cpp:17:10: note: the other operand is here
// expect:    17 |   return steps.done + steps.next();
// expect:       |          ^~~~~~~~~~
// expect: plain_change_in_open_order.cpp:29:11: note: in this call of 'read_beside'
// expect:    29 |   halve(x(read_beside()));
// expect:       |           ^~~~~~~~~~~~~
// expect: 2 errors generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 2 errors, 0 warnings
