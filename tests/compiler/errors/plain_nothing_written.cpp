#include <lambdapack/lambdapack.hpp>

void look(lp::in<double> a);

void look_all(lp::Tiles<double, 1>& x) {
  for (int i = 0; i < x.extent(0); ++i) look(x(i));
}

// clang-format off
// expect: plain_nothing_written.cpp:6:41: error: 'look' writes no tile, so its task would do nothing that another sees; give it an lp::out or lp::inout parameter [lp-E115]
// expect:     6 |   for (int i = 0; i < x.extent(0); ++i) look(x(i));
// expect:       |                                         ^~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
