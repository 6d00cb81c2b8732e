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
// expect: plain_counter_outside.cpp:16:11: error: a program may not change 'k', which is outside of it: its text is read once, and its tasks change nothing but tiles; have a kernel write it to a tile [lp-E103]
// expect:    16 |   halve(x(one()));
// expect:       |           ^~~~~
// expect: plain_counter_outside.cpp:5:17: note: 'k' is declared here
// expect:     5 | auto counter = [k = 0]() mutable { return ++k; };
// expect:       |                 ^~~~~
// expect: plain_counter_outside.cpp:12:20: note: in this call of 'operator()'
// expect:    12 | int one() { return counter(); }
// expect:       |                    ^~~~~~~~~
// expect: plain_counter_outside.cpp:17:11: error: a program may not change an object, which is outside of it: its text is read once, and its tasks change nothing but tiles; have a kernel write it to a tile [lp-E103]
// expect:    17 |   halve(x(two()));
// expect:       |           ^~~~~
// expect: plain_counter_outside.cpp:13:20: note: in this call of 'next'
// expect:    13 | int two() { return other.next(); }
// expect:       |                    ^~~~~~~~~~~~
// expect: 2 errors generated.
// expect: lpc: lp-E103 is explained in docs/diagnostics/lp-E103.md
// expect: lpc: 1 program checked, 2 errors, 0 warnings
