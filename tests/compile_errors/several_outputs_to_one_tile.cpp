// A kernel with two outputs is assigned to one tile.
// expect: lambdapack: this kernel writes several tiles; assign them with lp::tie(A(i), B(i)) = kernel(...)
#include "lambdapack/dsl/dsl.hpp"

const auto split = lp::make_kernel("split", [](lp::out<double>, lp::out<double>) {});
void program(lp::Out<double, 1> y) { y(0) = split(); }
