#include <lambdapack/lambdapack.hpp>

void shift(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0))) x(i) = copy(x(i + 1));
}
