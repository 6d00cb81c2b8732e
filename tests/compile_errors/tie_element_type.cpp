// lp::tie names a tile of float for an output of double.
// expect: lambdapack: the kernel writes another element type than this array holds; change the array's type or the kernel's
#include "lambdapack/dsl/dsl.hpp"

const auto split = lp::make_kernel("split", [](lp::out<double>, lp::out<double>) {});
void program(lp::Out<double, 1> x, lp::Out<float, 1> y) { lp::tie(x(0), y(0)) = split(); }
