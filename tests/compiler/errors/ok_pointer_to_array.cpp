#include <lambdapack/lambdapack.hpp>

void indirect(lp::InOut<double, 1> x, lp::InOut<double, 1> y) {
  const lp::InOut<double, 1>* const arrays[] = {&x, &y};
  for (auto i : lp::range(x.extent(0))) (*arrays[0])(i) = scale((*arrays[1])(i), 0.5);
}

// clang-format off
// expect: lpc: 1 program checked, 0 errors, 0 warnings
