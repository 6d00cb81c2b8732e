#include <lambdapack/lambdapack.hpp>

void copy_tile(lp::out<double> b, lp::in<double> a);

void copied(lp::Tiles<double, 1>& x) {
  lp::TempTiles<double, 1> v(lp::zero), w(lp::zero);
  copy_tile(v(0), x(0));
  copy_tile(w(0), v(0));
  copy_tile(x(0), w(0));
}

// clang-format off
// expect: lpc: 1 program checked, 0 errors, 0 warnings
