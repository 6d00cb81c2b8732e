// An ordinary if asks about indices.
// expect: lambdapack: a condition on indices has no value while a program is traced; loop with for (auto i : lp::range(n)) and guard with if (auto x = lp::when(condition))
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 2> A) {
  for (auto i : lp::range(A.extent(0)))
    for (auto j : lp::range(A.extent(1)))
      if (i < j) A(i, j) = scale(A(i, j), 2.0);
}
