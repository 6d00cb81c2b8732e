// An index is divided by a floating-point number.
// expect: lambdapack: an index is divided by an integer constant, and a power or logarithm has one for its base; take it from a parameter of the program that is an int, not an lp::Integer
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0))) x(i) = scale(x(i / 2.0), 2.0);
}
