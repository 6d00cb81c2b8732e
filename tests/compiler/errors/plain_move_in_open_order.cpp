#include <string>
#include <utility>
#include <vector>

#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);
void scale_by(lp::inout<double> a, double factor);

int sum(int n, std::vector<int> v) { return 10 * n + static_cast<int>(v.size()); }
int length(int n, std::string s) { return 10 * n + static_cast<int>(s.size()); }
void scale_all(lp::Tiles<double, 1>& x, int n, std::vector<int> v = {1}) {
  scale_by(x(0), n + v[0]);
}

int moved() {
  std::vector<int> v{1, 2, 3};
  return sum(static_cast<int>(v.size()), std::move(v));
}
int text_moved() {
  std::string s = "abc";
  return length(static_cast<int>(s.size()), std::move(s));
}

void f(lp::Tiles<double, 1>& x) {
  halve(x(moved()));
  halve(x(text_moved()));
  std::vector<int> v{1, 2, 3};
  scale_all(x, static_cast<int>(v.size()), std::move(v));
}

// clang-format off
// expect: plain_move_in_open_order.cpp:12:48: warning: the function scale_all is no program by itself, only one that others may call, since its parameter 'v' is a constant (std::vector<int>); a function over lp::Tiles that is run takes arrays, integers and bools: move others into the kernels [lp-W102]
// expect:    12 | void scale_all(lp::Tiles<double, 1>& x, int n, std::vector<int> v = {1}) {
// expect:       |                                                ^~~~~~~~~~~~~~~~~~~~~~~~
// expect: plain_move_in_open_order.cpp:18:42: error: one operand of an expression changes here what another looks at, in an order that C++ leaves open; compute them in statements of their own [lp-E115]
// expect:    18 |   return sum(static_cast<int>(v.size()), std::move(v));
// expect:       |                                          ^~~~~~~~~~~~
// expect: plain_move_in_open_order.cpp:18:14: note: the other operand is here
// expect:    18 |   return sum(static_cast<int>(v.size()), std::move(v));
// expect:       |              ^~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: plain_move_in_open_order.cpp:26:11: note: in this call of 'moved'
// expect:    26 |   halve(x(moved()));
// expect:       |           ^~~~~~~
// expect: plain_move_in_open_order.cpp:22:45: error: one operand of an expression changes here what another looks at, in an order that C++ leaves open; compute them in statements of their own [lp-E115]
// expect:    22 |   return length(static_cast<int>(s.size()), std::move(s));
// expect:       |                                             ^~~~~~~~~~~~
// expect: plain_move_in_open_order.cpp:22:17: note: the other operand is here
// expect:    22 |   return length(static_cast<int>(s.size()), std::move(s));
// expect:       |                 ^~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: plain_move_in_open_order.cpp:27:11: note: in this call of 'text_moved'
// expect:    27 |   halve(x(text_moved()));
// expect:       |           ^~~~~~~~~~~~
// expect: plain_move_in_open_order.cpp:29:44: error: one operand of an expression changes here what another looks at, in an order that C++ leaves open; compute them in statements of their own [lp-E115]
// expect:    29 |   scale_all(x, static_cast<int>(v.size()), std::move(v));
// expect:       |                                            ^~~~~~~~~~~~
// expect: plain_move_in_open_order.cpp:29:16: note: the other operand is here
// expect:    29 |   scale_all(x, static_cast<int>(v.size()), std::move(v));
// expect:       |                ^~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: 1 warning and 3 errors generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: lp-W102 is explained in docs/diagnostics/lp-W102.md
// expect: lpc: 1 program checked, 3 errors, 1 warning
