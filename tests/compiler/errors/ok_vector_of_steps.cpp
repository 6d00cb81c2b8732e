#include <vector>
#include <lambdapack/lambdapack.hpp>

void several(lp::InOut<double, 1> x) {
  const std::vector<int> steps = {1, 2};
  for (const int step : steps)
    for (auto i : lp::range(0, x.extent(0), step)) x(i) = scale(x(i), 0.5);
}

// clang-format off
// expect: lpc: 1 program checked, 0 errors, 0 warnings
