#include <lambdapack/lambdapack.hpp>

void allocating(lp::InOut<double, 1> x) {
  const int* steps = new int[2]{1, 2};
  for (auto i : lp::range(x.extent(0))) x(i) = scale(x(i), 0.5);
  delete[] steps;
}
