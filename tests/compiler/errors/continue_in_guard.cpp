#include <lambdapack/lambdapack.hpp>

void all_but_some(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0))) {
    if (auto even = lp::when(i % 2 == 0)) continue;
    x(i) = scale(x(i), 0.5);
  }
}
