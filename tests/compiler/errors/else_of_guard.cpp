#include <lambdapack/lambdapack.hpp>

void triangle(lp::InOut<double, 2> A) {
  for (auto i : lp::range(A.extent(0)))
    for (auto j : lp::range(A.extent(1))) {
      if (auto below = lp::when(j < i))
        A(i, j) = scale(A(i, j), 2.0);
      else
        A(i, j) = scale(A(i, j), 0.5);
    }
}
