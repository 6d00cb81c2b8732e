#include <array>
#include <vector>

#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);
void scale_by(lp::inout<double> a, double factor);

struct Pair {
  int a[2];
};
struct Base {
  int v;
};
struct Derived : Base {};
struct Holder {
  std::vector<int> all;
};
int of_pair(Pair p, int k) { return 10 * p.a[0] + k; }
int of_base(Derived d, int k) { return 10 * d.v + k; }
int of_array(std::array<int, 2> a, int k) { return 10 * a[0] + k; }
int of_vector(Holder h, int k) { return 10 * h.all[0] + k; }
int sum(int a, int b) { return 10 * a + b; }

int element() {
  Pair p{{1, 2}};
  return of_pair(p, p.a[0] = 7);
}
int base() {
  Derived d{{1}};
  return of_base(d, d.v = 7);
}
int standard_array() {
  std::array<int, 2> a{1, 2};
  return of_array(a, a[0] = 7);
}
int vector() {
  Holder h{{1, 2}};
  return of_vector(h, h.all[0] = 7);
}
int assigned() {
  Derived d{{1}}, e{{2}};
  return sum(d.v, (d = e, 5));
}
int looked_at() {
  Derived d{{1}}, e{{2}};
  return sum(e.v = 7, (d = e).v);
}

void f(lp::Tiles<double, 1>& x) {
  halve(x(element()));
  halve(x(base()));
  halve(x(standard_array()));
  halve(x(vector()));
  halve(x(assigned()));
  halve(x(looked_at()));
}

// clang-format off
// expect: plain_part_in_open_order.cpp:27:21: error: one operand of an expression changes here what another looks at, in an order that C++ leaves open; compute them in statements of their own [lp-E115]
// expect:    27 |   return of_pair(p, p.a[0] = 7);
// expect:       |                     ^~~~~~~~~~
// expect: plain_part_in_open_order.cpp:27:18: note: the other operand is here
// expect:    27 |   return of_pair(p, p.a[0] = 7);
// expect:       |                  ^
// expect: plain_part_in_open_order.cpp:51:11: note: in this call of 'element'
// expect:    51 |   halve(x(element()));
// expect:       |           ^~~~~~~~~
// expect: plain_part_in_open_order.cpp:31:21: error: one operand of an expression changes here what another looks at, in an order that C++ leaves open; compute them in statements of their own [lp-E115]
// expect:    31 |   return of_base(d, d.v = 7);
// expect:       |                     ^~~~~~~
// expect: plain_part_in_open_order.cpp:31:18: note: the other operand is here
// expect:    31 |   return of_base(d, d.v = 7);
// expect:       |                  ^
// expect: plain_part_in_open_order.cpp:52:11: note: in this call of 'base'
// expect:    52 |   halve(x(base()));
// expect:       |           ^~~~~~
// expect: plain_part_in_open_order.cpp:35:22: error: one operand of an expression changes here what another looks at, in an order that C++ leaves open; compute them in statements of their own [lp-E115]
// expect:    35 |   return of_array(a, a[0] = 7);
// expect:       |                      ^~~~~~~~
// expect: plain_part_in_open_order.cpp:35:19: note: the other operand is here
// expect:    35 |   return of_array(a, a[0] = 7);
// expect:       |                   ^
// expect: plain_part_in_open_order.cpp:53:11: note: in this call of 'standard_array'
// expect:    53 |   halve(x(standard_array()));
// expect:       |           ^~~~~~~~~~~~~~~~
// expect: plain_part_in_open_order.cpp:39:23: error: one operand of an expression changes here what another looks at, in an order that C++ leaves open; compute them in statements of their own [lp-E115]
// expect:    39 |   return of_vector(h, h.all[0] = 7);
// expect:       |                       ^~~~~~~~~~~~
// expect: plain_part_in_open_order.cpp:39:20: note: the other operand is here
// expect:    39 |   return of_vector(h, h.all[0] = 7);
// expect:       |                    ^
// expect: plain_part_in_open_order.cpp:54:11: note: in this call of 'vector'
// expect:    54 |   halve(x(vector()));
// expect:       |           ^~~~~~~~
// expect: plain_part_in_open_order.cpp:43:19: error: one operand of an expression changes here what another looks at, in an order that C++ leaves open; compute them in statements of their own [lp-E115]
// expect:    43 |   return sum(d.v, (d = e, 5));
// expect:       |                   ^~~~~~~~~~
// expect: plain_part_in_open_order.cpp:43:14: note: the other operand is here
// expect:    43 |   return sum(d.v, (d = e, 5));
// expect:       |              ^~~
// expect: plain_part_in_open_order.cpp:55:11: note: in this call of 'assigned'
// expect:    55 |   halve(x(assigned()));
// expect:       |           ^~~~~~~~~~
// expect: plain_part_in_open_order.cpp:47:23: error: one operand of an expression changes here what another looks at, in an order that C++ leaves open; compute them in statements of their own [lp-E115]
// expect:    47 |   return sum(e.v = 7, (d = e).v);
// expect:       |                       ^~~~~~~~~
// expect: plain_part_in_open_order.cpp:47:14: note: the other operand is here
// expect:    47 |   return sum(e.v = 7, (d = e).v);
// expect:       |              ^~~~~~~
// expect: plain_part_in_open_order.cpp:56:11: note: in this call of 'looked_at'
// expect:    56 |   halve(x(looked_at()));
// expect:       |           ^~~~~~~~~~~
// expect: 6 errors generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 6 errors, 0 warnings
