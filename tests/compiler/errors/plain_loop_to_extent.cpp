#include <lambdapack/lambdapack.hpp>

void plain(lp::InOut<double, 1> x) {
  for (int i = 0; i < x.extent(0); ++i) x(i) = scale(x(i), 0.5);
}
