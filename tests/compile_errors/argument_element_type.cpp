// A tile of float is passed to a kernel of double.
// expect: lambdapack: the tile has another element type than the kernel's parameter; change the array's type or the kernel's
#include "lambdapack/dsl/dsl.hpp"

const auto twice = lp::make_kernel("twice", [](lp::out<double>, lp::in<double>) {});
void program(lp::In<float, 1> x, lp::Out<double, 1> y) { y(0) = twice(x(0)); }
