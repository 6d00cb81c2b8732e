#include <lambdapack/lambdapack.hpp>

void first_only(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0))) {
    x(i) = scale(x(i), 0.5);
    break;
  }
}
