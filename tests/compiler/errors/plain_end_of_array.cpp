#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);
void scale_by(lp::inout<double> a, double factor);

bool touches() {
  const int a[2] = {1, 2}, b[2] = {3, 4};
  return a + 2 == &b[0];
}

void f(lp::Tiles<double, 1>& x) {
  if (touches()) halve(x(0));
}

// clang-format off
// expect: plain_end_of_array.cpp:8:10: error: this compares the end of one array with the address of another object, which C++ leaves open; compare addresses of one array [lp-E115]
// expect:     8 |   return a + 2 == &b[0];
// expect:       |          ^~~~~~~~~~~~~~
// expect: plain_end_of_array.cpp:12:7: note: in this call of 'touches'
// expect:    12 |   if (touches()) halve(x(0));
// expect:       |       ^~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
