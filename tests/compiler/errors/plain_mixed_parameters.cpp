#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_all(lp::Tiles<double, 1>& x, lp::Out<double, 1> y) {
  for (int k = 0; k < x.rows(); ++k) halve(x(k));
}

// clang-format off
// expect: plain_mixed_parameters.cpp:5:41: error: lp::Out belongs to the language, which a function over lp::Tiles is not written in; take lp::Tiles, const lp::Tiles or lp::OutTiles, and int [lp-E115]
// expect:     5 | void halve_all(lp::Tiles<double, 1>& x, lp::Out<double, 1> y) {
// expect:       |                                         ^~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
