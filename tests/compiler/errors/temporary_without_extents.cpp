#include <lambdapack/lambdapack.hpp>

void scaled(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0))) x(i) = scale(x(i), 0.5);
}

void through_temporary(lp::In<double, 1> x, lp::Out<double, 1> y) {
  auto S = lp::temp<double, 1>("S");
  for (auto i : lp::range(x.extent(0))) S(i) = copy(x(i));
  scaled(S);
  for (auto i : lp::range(x.extent(0))) y(i) = copy(S(i));
}
