// An index is divided by another.
// expect: lambdapack: an index is divided by an integer constant, and a power or logarithm has one for its base; take it from a parameter of the program that is an int, not an lp::Integer
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 1> x) {
  for (auto i : lp::range(1, x.extent(0))) x(i) = scale(x(x.extent(0) / i), 2.0);
}
