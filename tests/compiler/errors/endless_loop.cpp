#include <lambdapack/lambdapack.hpp>

void forever(lp::InOut<double, 1> x) {
  for (int level = 0;; ++level) x(level) = scale(x(level), 0.5);
}
