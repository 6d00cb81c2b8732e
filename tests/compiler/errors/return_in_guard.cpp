#include <lambdapack/lambdapack.hpp>

void some(lp::InOut<double, 1> x) {
  if (auto small = lp::when(x.extent(0) < 2)) return;
  for (auto i : lp::range(x.extent(0))) x(i) = scale(x(i), 0.5);
}
