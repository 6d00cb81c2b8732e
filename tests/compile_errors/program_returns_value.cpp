// A program returns a value.
// expect: lambdapack: a program is a function or lambda that returns void and whose parameter types are spelled out; write cholesky<double>, not cholesky, and no auto parameters
#include "lambdapack/dsl/dsl.hpp"

int program(lp::InOut<double, 1> x) {
  x(0) = scale(x(0), 2.0);
  return 1;
}
const auto traced = lp::trace(program);
