// A guard asks whether an index is even.
// expect: lambdapack: an index has no remainder; loop with a step, lp::range(lo, hi, step), once for each remainder
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0)))
    if (auto even = lp::when(i % 2 == 0)) x(i) = scale(x(i), 2.0);
}
