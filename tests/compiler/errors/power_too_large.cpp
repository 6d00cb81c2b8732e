#include <lambdapack/lambdapack.hpp>

void huge(lp::InOut<double, 1> x) {
  x(lp::pow2(40)) = scale(x(lp::pow2(40)), 0.5);
}
