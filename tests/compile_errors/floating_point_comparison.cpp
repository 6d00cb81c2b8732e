// A guard compares an index with a floating-point number.
// expect: lambdapack: an index is an integer; write an index expression without floating-point numbers
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0)))
    if (auto late = lp::when(i > 1.5)) x(i) = scale(x(i), 2.0);
}
