#include <lambdapack/lambdapack.hpp>

void doubling(lp::InOut<double, 1> x) {
  int step = 1;
  for (auto i : lp::range(x.extent(0))) {
    x(i) = scale(x(i), 0.5);
    step *= 2;
  }
}
