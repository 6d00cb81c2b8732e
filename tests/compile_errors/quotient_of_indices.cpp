// An index is divided.
// expect: lambdapack: an index cannot be divided; loop with a step, lp::range(lo, hi, step), and multiply by it instead
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0))) x(i) = scale(x(i / 2), 2.0);
}
