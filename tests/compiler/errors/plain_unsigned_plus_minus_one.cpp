#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_before(lp::Tiles<double, 1>& x) {
  const unsigned n = x.rows();
  for (unsigned k = 1; k < n; ++k) halve(x(k + -1));
}
