// One tile is passed for a run of tiles.
// expect: lambdapack: this parameter of the kernel is an lp::in_list and takes a run of tiles; pass A(lp::range(lo, hi), j)
#include "lambdapack/dsl/dsl.hpp"

const auto sum = lp::make_kernel("sum", [](lp::out<double>, lp::in_list<double>) {});
void program(lp::In<double, 1> x, lp::Out<double, 1> y) { y(0) = sum(x(0)); }
