#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_odd(lp::Tiles<double, 1>& x) {
  for (int i = 0; i < x.rows(); ++i) {
    if (i & 1) halve(x(i));
    halve(x(i ^ 1));
    halve(x(~i));
  }
}

// clang-format off
// expect: plain_bits_of_index.cpp:7:9: error: the bits of an index are not known while the program is read; for the last ones, take the remainder by a power of two, k % 2 [lp-E115]
// expect:     7 |     if (i & 1) halve(x(i));
// expect:       |         ^~~~~
// expect: plain_bits_of_index.cpp:8:13: error: this is no index expression; write sums, products with constants, and / and % by positive constants [lp-E115]
// expect:     8 |     halve(x(i ^ 1));
// expect:       |             ^~~~~
// expect: plain_bits_of_index.cpp:9:13: error: this is no index expression; write sums, products with constants, and / and % by positive constants [lp-E115]
// expect:     9 |     halve(x(~i));
// expect:       |             ^~
// expect: 3 errors generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 3 errors, 0 warnings
