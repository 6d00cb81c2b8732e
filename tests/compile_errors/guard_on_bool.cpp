// A guard asks about a bool.
// expect: lambdapack: lp::when takes a condition on indices, and this is a bool, which is known while the program is traced; use an ordinary if
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 1> x, bool twice) {
  if (auto inside = lp::when(twice)) x(0) = scale(x(0), 2.0);
}
