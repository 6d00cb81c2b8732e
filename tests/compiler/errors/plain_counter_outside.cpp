#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

auto counter = [k = 0]() mutable { return ++k; };
struct Counter {
  mutable int n = 0;
  int next() const { return ++n; }
};
const Counter other;

int one() { return counter(); }
int two() { return other.next(); }

void f(lp::Tiles<double, 1>& x) {
  halve(x(one()));
  halve(x(two()));
}

// clang-format off

// clang-format off
// expect: plain_counter_outside.cpp:5:45: error: the value of 'k', which is not const, may change; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:     5 | auto counter = [k = 0]() mutable { return ++k; };
// expect:       |                                             ^
// expect: plain_counter_outside.cpp:12:20: note: in this call of 'operator()'
// expect:    12 | int one() { return counter(); }
// expect:       |                    ^~~~~~~~~
// expect: plain_counter_outside.cpp:8:31: error: the value of 'other', a part of which is mutable, may change; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:     8 |   int next() const { return ++n; }
// expect:       |                               ^
// expect: plain_counter_outside.cpp:13:20: note: in this call of 'next'
// expect:    13 | int two() { return other.next(); }
// expect:       |                    ^~~~~~~~~~~~
// expect: 2 errors generated.
// expect: lpc: lp-E111 is explained in docs/diagnostics/lp-E111.md
// expect: lpc: 1 program checked, 2 errors, 0 warnings
