#include <lambdapack/lambdapack.hpp>

int chosen_size = 4;

void sized(lp::InOut<double, 1> x) {
  for (auto i : lp::range(chosen_size)) x(i) = scale(x(i), 0.5);
}
