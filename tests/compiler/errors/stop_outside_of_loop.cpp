#include <lambdapack/lambdapack.hpp>

void stopped(lp::InOut<double, 1> x) {
  x(0) = scale(x(0), 0.5);
  lp::stop_if(x(0));
}
