#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);
void scale_by(lp::inout<double> a, double factor);

struct Self {
  int v;
  const int* at;
  explicit Self(int a) : v(a), at(&v) {}
  bool is_own() const { return at == &v; }
};
bool is_own(Self s) { return s.is_own(); }
Self named() {
  Self one(1);
  return one;
}
Self unnamed() { return Self(1); }

void f(lp::Tiles<double, 1>& x) {
  const Self one(1), other = one;
  if (!one.is_own() || other.is_own() || is_own(one)) halve(x(9));
  if (is_own(Self(1))) halve(x(0));
  if (named().is_own()) halve(x(1));
  if (unnamed().is_own()) halve(x(2));
}

// clang-format off
// expect: plain_own_address.cpp:22:7: error: this object holds the address of a part of itself, and C++ leaves open whether it is copied here, to another address; hand it over by reference, or keep an index instead of the address [lp-E115]
// expect:    22 |   if (is_own(Self(1))) halve(x(0));
// expect:       |       ^~~~~~~~~~~~~~~
// expect: plain_own_address.cpp:15:10: error: this object holds the address of a part of itself, and C++ leaves open whether it is copied here, to another address; hand it over by reference, or keep an index instead of the address [lp-E115]
// expect:    15 |   return one;
// expect:       |          ^~~
// expect: plain_own_address.cpp:23:7: note: in this call of 'named'
// expect:    23 |   if (named().is_own()) halve(x(1));
// expect:       |       ^~~~~~~
// expect: plain_own_address.cpp:17:25: error: this object holds the address of a part of itself, and C++ leaves open whether it is copied here, to another address; hand it over by reference, or keep an index instead of the address [lp-E115]
// expect:    17 | Self unnamed() { return Self(1); }
// expect:       |                         ^~~~~~~
// expect: plain_own_address.cpp:24:7: note: in this call of 'unnamed'
// expect:    24 |   if (unnamed().is_own()) halve(x(2));
// expect:       |       ^~~~~~~~~
// expect: 3 errors generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 3 errors, 0 warnings
