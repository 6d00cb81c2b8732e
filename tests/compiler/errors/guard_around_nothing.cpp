#include <lambdapack/lambdapack.hpp>

void loose(lp::InOut<double, 1> x) {
  lp::when(x.extent(0) > 1);
  x(0) = scale(x(0), 2.0);
}
