#include <lambdapack/lambdapack.hpp>

extern const double tolerance;

void scaled(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0))) x(i) = scale(x(i), tolerance);
}
