#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_both(lp::Tiles<double, 1>& x) {
  if (x.rows() > 1) (void)(halve(x(0)), halve(x(1)));
}
