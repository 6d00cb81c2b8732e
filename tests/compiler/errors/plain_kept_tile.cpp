#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_first(lp::Tiles<double, 1>& x) {
  auto first = x(0);
  halve(first);
}

// clang-format off
// expect: plain_kept_tile.cpp:6:3: error: a tile is lent to the kernel that it is an argument of, and is not kept; write A(i, j) where it is used [lp-E112]
// expect:     6 |   auto first = x(0);
// expect:       |   ^~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E112 is explained in docs/diagnostics/lp-E112.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
