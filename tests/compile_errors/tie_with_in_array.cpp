// lp::tie names a tile of an lp::In array.
// expect: lambdapack: a tile of an lp::In array cannot be written; declare the array lp::Out or lp::InOut
#include "lambdapack/dsl/dsl.hpp"

const auto split = lp::make_kernel("split", [](lp::out<double>, lp::out<double>) {});
void program(lp::In<double, 1> x, lp::Out<double, 1> y) { lp::tie(x(0), y(0)) = split(); }
