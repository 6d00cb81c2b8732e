// The base of a power is an index.
// expect: lambdapack: an index is divided by an integer constant, and a power or logarithm has one for its base; take it from a parameter of the program that is an int, not an lp::Integer
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 1> x, lp::Integer b) {
  for (auto i : lp::range(x.extent(0))) x(i) = scale(x(lp::pow(b, i)), 2.0);
}
