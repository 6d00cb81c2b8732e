#include <lambdapack/lambdapack.hpp>

void copy_tile(lp::out<double> b, lp::in<double> a);

void copied(lp::Tiles<double, 1>& x) {
  for (int i = 0; i < x.extent(0); ++i) {
    lp::TempTiles<double, 1> w(lp::extents(1));
    copy_tile(w(0), x(i));
    copy_tile(x(i), w(0));
  }
}

// clang-format off
// expect: plain_temporary_in_loop.cpp:7:5: error: tiles that are made anew in each round of a loop have no extents; declare the lp::TempTiles before the loop, or leave lp::extents out and hand the sizes over as integers [lp-E115]
// expect:     7 |     lp::TempTiles<double, 1> w(lp::extents(1));
// expect:       |     ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
