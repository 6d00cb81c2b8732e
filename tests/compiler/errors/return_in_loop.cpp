#include <lambdapack/lambdapack.hpp>

void first_two(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0)))
    for (int half = 0; half < 2; ++half) {
      x(i) = scale(x(i), 0.5);
      if (half == 1) return;
    }
}
