#include <lambdapack/lambdapack.hpp>

void assembled(lp::InOut<double, 1> x) {
  asm("nop");
  x(0) = scale(x(0), 0.5);
}
