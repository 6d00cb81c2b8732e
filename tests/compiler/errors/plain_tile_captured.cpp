#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_first(lp::Tiles<double, 1>& x) {
  auto once = [tile = x(0)]() mutable { halve(tile); };
  once();
}
