#include <lambdapack/lambdapack.hpp>

void add(lp::inout<double> to, lp::in<double> from);

void sum(lp::Tiles<double, 1>& x) {
  static lp::TempTiles<double, 1> W(lp::zero);
  for (int k = 0; k < x.rows(); ++k) add(W(0), x(k));
}
