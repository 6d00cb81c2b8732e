// A run of tiles of float is passed to a kernel of double.
// expect: lambdapack: the tiles have another element type than the kernel's parameter; change the array's type or the kernel's
#include "lambdapack/dsl/dsl.hpp"

const auto sum = lp::make_kernel("sum", [](lp::out<double>, lp::in_list<double>) {});
void program(lp::In<float, 1> x, lp::Out<double, 1> y) { y(0) = sum(x(lp::range(0, 2))); }
