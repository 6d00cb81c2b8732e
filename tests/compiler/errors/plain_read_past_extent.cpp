#include <lambdapack/lambdapack.hpp>

void add_to(lp::inout<double> a, lp::in<double> b);

void sum(lp::Tiles<double, 1>& x) {
  for (int i = 0; i < x.extent(0); ++i) add_to(x(i), x(i + 1));
}

// clang-format off
// expect: plain_read_past_extent.cpp:6:54: error: x(i + 1) at plain_read_past_extent.cpp:6 leaves the array when x.extent(0) > 0: for x.extent(0) = 1 the node add_to[i=0] takes an index of dimension 0 that is past the end; change the loop's bounds, or guard the statement with if [lp-E004]
// expect:     6 |   for (int i = 0; i < x.extent(0); ++i) add_to(x(i), x(i + 1));
// expect:       |                                                      ^~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E004 is explained in docs/diagnostics/lp-E004.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
