#include <lambdapack/lambdapack.hpp>

void named(lp::InOut<double, 1> x) {
  x(0) = scale(x(0), 0.5);
  x(1);
}
