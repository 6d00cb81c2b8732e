// A guard that is not named ends before its block begins.
// expect: lambdapack: a guard without a name ends before its block begins; write if (auto inside = lp::when(condition)) { ... }
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0)))
    if (lp::when(i > 0)) x(i) = scale(x(i), 2.0);
}
