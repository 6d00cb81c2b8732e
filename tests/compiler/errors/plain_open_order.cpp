#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

int halved(lp::Tiles<double, 1>& x, int i) {
  halve(x(i));
  return i;
}
int both(int a, int b) { return a + b; }
struct Pair {
  int a, b;
};

void f(lp::Tiles<double, 1>& x) {
  halve(x(halved(x, 0) + 1));
  halve(x(halved(x, 0) + halved(x, 1)));
  halve(x(both(halved(x, 1), halved(x, 0))));
  const Pair in_order{halved(x, 0), halved(x, 1)};
  halve(x(in_order.a + in_order.b));
}

// clang-format off

// clang-format off
// expect: plain_open_order.cpp:16:26: error: two operands of one expression call kernels, in an order that C++ leaves open; call them in statements of their own [lp-E115]
// expect:    16 |   halve(x(halved(x, 0) + halved(x, 1)));
// expect:       |                          ^~~~~~~~~~~~
// expect: plain_open_order.cpp:16:11: note: this operand calls one too
// expect:    16 |   halve(x(halved(x, 0) + halved(x, 1)));
// expect:       |           ^~~~~~~~~~~~
// expect: plain_open_order.cpp:17:30: error: two operands of one expression call kernels, in an order that C++ leaves open; call them in statements of their own [lp-E115]
// expect:    17 |   halve(x(both(halved(x, 1), halved(x, 0))));
// expect:       |                              ^~~~~~~~~~~~
// expect: plain_open_order.cpp:17:16: note: this operand calls one too
// expect:    17 |   halve(x(both(halved(x, 1), halved(x, 0))));
// expect:       |                ^~~~~~~~~~~~
// expect: 2 errors generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 2 errors, 0 warnings
