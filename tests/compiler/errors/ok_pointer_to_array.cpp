#include <lambdapack/lambdapack.hpp>

void indirect(lp::InOut<double, 1> x, lp::InOut<double, 1> y) {
  const lp::InOut<double, 1>* const arrays[] = {&x, &y};
  for (auto i : lp::range(x.extent(0))) (*arrays[0])(i) = scale((*arrays[1])(i), 0.5);
}
