#include <lambdapack/lambdapack.hpp>

struct Times {
  double factor;
  void operator()(lp::inout<double> a) const { a(0, 0) *= factor; }
};
const Times twice{2};

void double_first(lp::Tiles<double, 1>& x) {
  if (x.rows() > 0) twice(x(0));
}
