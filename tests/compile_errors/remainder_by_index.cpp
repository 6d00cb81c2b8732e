// A remainder is taken by an index.
// expect: lambdapack: an index is divided by an integer constant, and a power or logarithm has one for its base; take it from a parameter of the program that is an int, not an lp::Integer
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 1> x, lp::Integer width) {
  for (auto i : lp::range(x.extent(0)))
    if (auto first = lp::when(i % width == 0)) x(i) = scale(x(i), 2.0);
}
