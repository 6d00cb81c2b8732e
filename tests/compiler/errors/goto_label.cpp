#include <lambdapack/lambdapack.hpp>

void again(lp::InOut<double, 1> x) {
  int times = 0;
begin:
  x(times) = scale(x(times), 0.5);
  goto begin;
}
