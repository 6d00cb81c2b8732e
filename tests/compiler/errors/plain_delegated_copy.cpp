#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a) { a(0, 0) /= 2; }

struct Told {
  int value;
  explicit Told(Told*& who) : value(1) { who = this; }
  Told(int, Told*& who) : Told(Told(who)) {}
};

int told() {
  Told* who = nullptr;
  Told one(0, who);
  who->value = 5;
  return one.value;
}

void f(lp::Tiles<double, 1>& x) { halve(x(told())); }

// clang-format off
// expect: plain_delegated_copy.cpp:8:27: error: here another object is made and copied, or made in place of this one, which compilers do in different ways; write the arguments of the constructor that makes this one [lp-E115]
// expect:     8 |   Told(int, Told*& who) : Told(Told(who)) {}
// expect:       |                           ^~~~~~~~~~~~~~~
// expect: plain_delegated_copy.cpp:13:8: note: in this call of 'Told'
// expect:    13 |   Told one(0, who);
// expect:       |        ^~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
