#include <lambdapack/lambdapack.hpp>

template <class T>
void scaled(lp::InOut<T, 1> x) {
  for (auto i : lp::range(x.extent(0))) x(i) = scale(x(i), 0.5);
}
