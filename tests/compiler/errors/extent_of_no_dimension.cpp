#include <lambdapack/lambdapack.hpp>

void planes(lp::InOut<double, 2> A) {
  for (auto k : lp::range(A.extent(2))) A(k, k) = scale(A(k, k), 0.5);
}
