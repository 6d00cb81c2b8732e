#include <lambdapack/lambdapack.hpp>

void product(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0)))
    for (auto j : lp::range(x.extent(0))) x(i * j) = scale(x(i * j), 0.5);
}
