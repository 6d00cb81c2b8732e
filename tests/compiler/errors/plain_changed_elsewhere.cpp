#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

struct Count {
  mutable int n;
};
const Count counts[] = {{1}, {2}};
const Count& one = Count{1};
int&& number = 2;
const volatile int port = 3;
const auto closure = [count = Count{4}] { return count.n++; };
int level = 0;

int raised() {
  int& here = level;
  here = 5;
  return 1;
}

void f(lp::Tiles<double, 1>& x) {
  halve(x(counts[0].n));
  halve(x(one.n));
  halve(x(number));
  halve(x(port));
  halve(x(closure()));
  if (x.rows() > 9) halve(x(raised()));
}

// clang-format off
// expect: plain_changed_elsewhere.cpp:22:11: error: the value of 'counts', a part of which is mutable, may change; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:    22 |   halve(x(counts[0].n));
// expect:       |           ^~~~~~
// expect: plain_changed_elsewhere.cpp:23:11: error: the value of 'one', which is not const, may change; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:    23 |   halve(x(one.n));
// expect:       |           ^~~~~
// expect: plain_changed_elsewhere.cpp:24:11: error: the value of 'number', which is not const, may change; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:    24 |   halve(x(number));
// expect:       |           ^~~~~~
// expect: plain_changed_elsewhere.cpp:25:11: error: the value of 'port', which is volatile, may change; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:    25 |   halve(x(port));
// expect:       |           ^~~~
// expect: plain_changed_elsewhere.cpp:12:50: error: a program may not change an object, which is outside of it: its text is read once, and its tasks change nothing but tiles; have a kernel write it to a tile [lp-E103]
// expect:    12 | const auto closure = [count = Count{4}] { return count.n++; };
// expect:       |                                                  ^~~~~~~~~
// expect: plain_changed_elsewhere.cpp:26:11: note: in this call of 'operator()'
// expect:    26 |   halve(x(closure()));
// expect:       |           ^~~~~~~~~
// expect: plain_changed_elsewhere.cpp:27:29: error: a program may not change 'here', which is outside of it: its text is read once, and its tasks change nothing but tiles; have a kernel write it to a tile [lp-E103]
// expect:    27 |   if (x.rows() > 9) halve(x(raised()));
// expect:       |                             ^~~~~~~~
// expect: plain_changed_elsewhere.cpp:16:3: note: 'here' is declared here
// expect:    16 |   int& here = level;
// expect:       |   ^~~~~~~~~~~~~~~~~
// expect: plain_changed_elsewhere.cpp:27:29: note: in this call of 'raised'
// expect:    27 |   if (x.rows() > 9) halve(x(raised()));
// expect:       |                             ^~~~~~~~
// expect: 6 errors generated.
// expect: lpc: lp-E103 is explained in docs/diagnostics/lp-E103.md
// expect: lpc: lp-E111 is explained in docs/diagnostics/lp-E111.md
// expect: lpc: 1 program checked, 6 errors, 0 warnings
