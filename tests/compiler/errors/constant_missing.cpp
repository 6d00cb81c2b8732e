#include <lambdapack/lambdapack.hpp>

void scaled(lp::InOut<double, 1> x, bool twice) {
  for (auto i : lp::range(x.extent(0))) {
    x(i) = scale(x(i), 0.5);
    if (twice) x(i) = scale(x(i), 0.5);
  }
}
