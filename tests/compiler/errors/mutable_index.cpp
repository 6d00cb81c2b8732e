#include <lambdapack/lambdapack.hpp>

void shrinking(lp::InOut<double, 1> x) {
  lp::Expr n = x.extent(0);
  for (auto t : lp::range(3)) {
    x(t) = scale(x(t), 0.5);
    n = n - 1;
  }
}
