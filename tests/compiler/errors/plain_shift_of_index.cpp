#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_middle(lp::Tiles<double, 1>& x) {
  halve(x(x.rows() >> 1));
  for (int i = 0; i + i < x.rows(); ++i) halve(x(i << 1));
}

// clang-format off
// expect: plain_shift_of_index.cpp:6:11: error: the bits of an index are not known while the program is read; divide it by a power of two, k / 2 [lp-E115]
// expect:     6 |   halve(x(x.rows() >> 1));
// expect:       |           ^~~~~~~~~~~~~
// expect: plain_shift_of_index.cpp:7:50: error: the bits of an index are not known while the program is read; multiply it by a power of two, k * 2 [lp-E115]
// expect:     7 |   for (int i = 0; i + i < x.rows(); ++i) halve(x(i << 1));
// expect:       |                                                  ^~~~~~
// expect: 2 errors generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 2 errors, 0 warnings
