#include <lambdapack/lambdapack.hpp>

void counted(lp::InOut<double, 1> x) {
  static int calls = 0;
  x(calls) = scale(x(calls), 0.5);
}
