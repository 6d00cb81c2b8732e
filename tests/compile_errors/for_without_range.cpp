// An ordinary for counts to a symbolic bound.
// expect: lambdapack: a condition on indices has no value while a program is traced; loop with for (auto i : lp::range(n)) and guard with if (auto x = lp::when(condition))
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 1> x) {
  for (int i = 0; i < x.extent(0); ++i) x(i) = scale(x(i), 2.0);
}
