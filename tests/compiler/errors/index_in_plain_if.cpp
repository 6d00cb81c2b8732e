#include <lambdapack/lambdapack.hpp>

void compared(lp::InOut<double, 2> A) {
  for (auto i : lp::range(A.extent(0)))
    if (i < A.extent(1)) A(i, i) = scale(A(i, i), 0.5);
}
