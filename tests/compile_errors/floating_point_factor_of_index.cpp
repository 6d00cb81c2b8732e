// An index is halved by a floating-point factor.
// expect: lambdapack: an index is an integer; write an index expression without floating-point numbers
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0))) x(i) = scale(x(0.5 * i), 2.0);
}
