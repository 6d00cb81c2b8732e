#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_chosen(lp::Tiles<double, 1>& x, bool second) {
  if (x.rows() > 1) halve(x(second));
}
