#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_before(lp::Tiles<double, 1>& x, int k) {
  const unsigned before = k - 1;
  halve(x(before));
}
void halve_all(lp::Tiles<double, 1>& x) {
  for (int k = 1; k < x.rows(); ++k) halve_before(x, k);
}
