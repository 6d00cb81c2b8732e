#include <lambdapack/lambdapack.hpp>

struct Counter {
  int count = 0;
  void next() { ++count; }
};

void counted(lp::InOut<double, 1> x) {
  Counter counter;
  for (auto i : lp::range(x.extent(0))) {
    x(i) = scale(x(i), 0.5);
    counter.next();
  }
}
