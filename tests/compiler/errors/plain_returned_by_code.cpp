#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);
void scale_by(lp::inout<double> a, double factor);

struct Counted {
  int times;
  explicit Counted(int n) : times(n) {}
  Counted(const Counted& other) : times(other.times + 10) {}
};
Counted named() {
  Counted one(1);
  return one;
}
Counted unnamed() { return Counted(0); }

void f(lp::Tiles<double, 1>& x) {
  halve(x(unnamed().times));
  halve(x(named().times));
}

// clang-format off
// expect: plain_returned_by_code.cpp:13:10: error: whether 'one' is copied or moved here, by code of its own, C++ leaves open; return what it is made of, as in return Counted(...), or leave that code out [lp-E115]
// expect:    13 |   return one;
// expect:       |          ^~~
// expect: plain_returned_by_code.cpp:9:3: note: the code is declared here
// expect:     9 |   Counted(const Counted& other) : times(other.times + 10) {}
// expect:       |   ^~~~~~~
// expect: plain_returned_by_code.cpp:19:11: note: in this call of 'named'
// expect:    19 |   halve(x(named().times));
// expect:       |           ^~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
