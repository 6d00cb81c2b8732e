#include <lambdapack/lambdapack.hpp>

void discarded(lp::InOut<double, 2> A) {
  for (auto k : lp::range(A.extent(1))) potrf(A(k, k));
}
