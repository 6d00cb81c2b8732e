#include <lambdapack/lambdapack.hpp>

const auto halve_all = []<class T>(lp::InOut<T, 1> y) {
  for (auto k : lp::range(y.extent(0))) y(k) = scale(y(k), 0.5);
};
