#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);
void scale_by(lp::inout<double> a, double factor);

struct Base {
  int v;
  explicit Base(int a) : v(a) {}
};
struct Middle : virtual Base {
  Middle() : Base(1) {}
};
struct Derived : Middle {
  Derived() : Base(2) {}
};

void f(lp::Tiles<double, 1>& x) {
  const Derived one;
  const Middle& middle = one;
  scale_by(x(0), middle.v);
}

// clang-format off
// expect: plain_virtual_base.cpp:18:17: error: the class Derived has virtual base classes, which lpc does not follow; derive from them without virtual [lp-E115]
// expect:    18 |   const Derived one;
// expect:       |                 ^~~
// expect: plain_virtual_base.cpp:13:8: note: 'Derived' is declared here
// expect:    13 | struct Derived : Middle {
// expect:       |        ^~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
