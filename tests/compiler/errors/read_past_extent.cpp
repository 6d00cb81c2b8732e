#include <lambdapack/lambdapack.hpp>

void shift(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0))) x(i) = copy(x(i + 1));
}

// clang-format off
// expect: read_past_extent.cpp:4:53: error: x(i + 1) at read_past_extent.cpp:4 leaves the array when x.extent(0) > 0: for x.extent(0) = 1 the node copy[i=0] takes an index of dimension 0 that is past the end; change the loop's bounds, or guard the statement with lp::when [lp-E004]
// expect:     4 |   for (auto i : lp::range(x.extent(0))) x(i) = copy(x(i + 1));
// expect:       |                                                     ^~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E004 is explained in docs/diagnostics/lp-E004.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
