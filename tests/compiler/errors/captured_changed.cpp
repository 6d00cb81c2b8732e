#include <lambdapack/lambdapack.hpp>

void counted(lp::InOut<double, 1> x) {
  int count = 0;
  const auto next = [&count] { return count++; };
  for (auto i : lp::range(x.extent(0))) x(i) = scale(x(i), 1.0 * next());
}
