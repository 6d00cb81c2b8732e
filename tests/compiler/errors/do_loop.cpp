#include <lambdapack/lambdapack.hpp>

void once_at_least(lp::InOut<double, 1> x) {
  do {
    x(0) = scale(x(0), 0.5);
  } while (false);
}
