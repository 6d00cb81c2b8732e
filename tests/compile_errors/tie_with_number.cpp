// lp::tie names something that is not a tile.
// expect: lambdapack: lp::tie takes tiles; write lp::tie(A(i, j), B(i, j)) = kernel(...)
#include "lambdapack/dsl/dsl.hpp"

const auto split = lp::make_kernel("split", [](lp::out<double>, lp::out<double>) {});
void program(lp::Out<double, 1> y) {
  double z = 0;
  lp::tie(y(0), z) = split();
}
