#include <lambdapack/lambdapack.hpp>

void running_sum(lp::In<double, 1> x, lp::Out<double, 1> y) {
  auto S = lp::temp<double, 1>("S");
  for (auto i : lp::range(y.extent(0))) {
    S(i + 1) = add(S(i), x(i));
    y(i) = copy(S(i + 1));
  }
}
