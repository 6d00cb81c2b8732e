#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

struct Finish {
  lp::Tiles<double, 1>& x;
  ~Finish() { halve(x(0)); }
};

void halve_two(lp::Tiles<double, 1>& x) {
  const Finish end{x};
  halve(x(1));
}
