#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

template <class Tile>
void halve_twice(lp::Tiles<double, 1>&, Tile&& tile) {
  halve(tile);
  halve(tile);
}

void quarter_first(lp::Tiles<double, 1>& x) {
  if (x.rows() > 0) halve_twice(x, x(0));
}

// clang-format off
// expect: plain_tile_lent_twice.cpp:8:9: error: this tile was lent to another call or is kept, and C++ takes it back only when that ends; hand over the array and the indices, and write A(i, j) where the kernel is called [lp-E112]
// expect:     8 |   halve(tile);
// expect:       |         ^~~~
// expect: plain_tile_lent_twice.cpp:12:21: note: in this call of 'halve_twice'
// expect:    12 |   if (x.rows() > 0) halve_twice(x, x(0));
// expect:       |                     ^~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E112 is explained in docs/diagnostics/lp-E112.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
