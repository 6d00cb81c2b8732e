// A kernel that writes nothing is assigned to a tile.
// expect: lambdapack: this kernel writes nothing; give it an lp::out or lp::inout parameter
#include "lambdapack/dsl/dsl.hpp"

const auto look = lp::make_kernel("look", [](lp::in<double>) {});
void program(lp::In<double, 1> x, lp::Out<double, 1> y) { y(0) = look(x(0)); }
