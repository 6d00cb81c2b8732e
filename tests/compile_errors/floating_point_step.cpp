// The step of a loop is a floating-point number.
// expect: lambdapack: an index is an integer; write an index expression without floating-point numbers
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 1> x) {
  for (auto i : lp::range(0, x.extent(0), 1.5)) x(i) = scale(x(i), 2.0);
}
