#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_all(lp::Tiles<double, 1>& x, lp::Out<double, 1> y) {
  for (int k = 0; k < x.rows(); ++k) halve(x(k));
}
