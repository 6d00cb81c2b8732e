#include <lambdapack/lambdapack.hpp>

void counted(lp::InOut<double, 1> x, lp::Out<double, 1> y) {
  int count = 0;
  for (auto i : lp::range(x.extent(0))) {
    y(count) = copy(x(i));
    ++count;
  }
}
