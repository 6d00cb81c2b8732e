#include <lambdapack/lambdapack.hpp>

void f(lp::Tiles<double, 1>& x) {
  if (x.rows() < 1) return;
  const long double exact = 0.1L, rounded = 0.1;
  if (exact == rounded) scale(x(0), 0.5);
}

// clang-format off
// expect: plain_long_double.cpp:5:29: error: this is a long double, whose digits are not kept while the program is read; write a double [lp-E115]
// expect:     5 |   const long double exact = 0.1L, rounded = 0.1;
// expect:       |                             ^~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
