#include <lambdapack/lambdapack.hpp>

void stepping(lp::InOut<double, 1> x, lp::Integer step) {
  for (auto i : lp::range(0, x.extent(0), step)) x(i) = scale(x(i), 0.5);
}
