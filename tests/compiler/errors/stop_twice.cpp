#include <lambdapack/lambdapack.hpp>

void stopped(lp::InOut<double, 1> x) {
  for (auto t : lp::range(10)) {
    x(0) = scale(x(0), 0.5);
    lp::stop_if(x(0));
    lp::stop_if(x(1));
  }
}
