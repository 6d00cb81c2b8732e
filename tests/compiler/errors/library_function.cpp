#include <cstdlib>
#include <lambdapack/lambdapack.hpp>

void random_step(lp::InOut<double, 1> x) {
  for (auto i : lp::range(0, x.extent(0), 1 + std::rand() % 2)) x(i) = scale(x(i), 0.5);
}
