#include <lambdapack/lambdapack.hpp>

void forgotten(lp::In<double, 1> x, lp::Out<double, 1> y) {
  auto S = lp::temp<double, 1>("S");
  for (auto i : lp::range(x.extent(0))) S(i) = copy(x(i));
  for (auto i : lp::range(x.extent(0))) S(i) = copy(S(i));
}
