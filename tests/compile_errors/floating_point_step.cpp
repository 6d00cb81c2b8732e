// The step of a loop is a floating-point number.
// expect: lambdapack: the step of lp::range must be an integer constant; take it from a parameter of the program that is an int, not an lp::Integer
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 1> x) {
  for (auto i : lp::range(0, x.extent(0), 1.5)) x(i) = scale(x(i), 2.0);
}
