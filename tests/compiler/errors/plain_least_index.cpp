#include <algorithm>
#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_least(lp::Tiles<double, 1>& x) {
  for (int i = 0; i < x.extent(0); ++i) halve(x(std::min(i, x.extent(0) - i)));
}

// clang-format off
// expect: plain_least_index.cpp:7:49: error: the least or the greatest of several indices is no index of a tile; loop up to it, or choose with if [lp-E006]
// expect:     7 |   for (int i = 0; i < x.extent(0); ++i) halve(x(std::min(i, x.extent(0) - i)));
// expect:       |                                                 ^~~~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E006 is explained in docs/diagnostics/lp-E006.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
