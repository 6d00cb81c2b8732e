#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_first(lp::Tiles<double, 1>& x) {
  auto once = [tile = x(0)]() mutable { halve(tile); };
  once();
}

// clang-format off
// expect: plain_tile_captured.cpp:6:47: error: this tile was lent to another call or is kept, and C++ takes it back only when that ends; hand over the array and the indices, and write A(i, j) where the kernel is called [lp-E112]
// expect:     6 |   auto once = [tile = x(0)]() mutable { halve(tile); };
// expect:       |                                               ^~~~
// expect: plain_tile_captured.cpp:7:3: note: in this call of 'operator()'
// expect:     7 |   once();
// expect:       |   ^~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E112 is explained in docs/diagnostics/lp-E112.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
