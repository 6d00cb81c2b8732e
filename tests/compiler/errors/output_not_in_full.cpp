#include <lambdapack/lambdapack.hpp>

void lower(lp::In<double, 2> A, lp::Out<double, 2> L) {
  for (auto i : lp::range(A.extent(0)))
    for (auto j : lp::range(i + 1)) L(i, j) = copy(A(i, j));
}
