#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_all(lp::Tiles<double, 1>& x) {
  static const int n = x.rows();
  for (int k = 0; k < n; ++k) halve(x(k));
}
