// lp::tie names one tile for two outputs.
// expect: lambdapack: lp::tie names another number of tiles than the kernel writes; name one tile for each lp::out and lp::inout parameter, in their order
#include "lambdapack/dsl/dsl.hpp"

const auto split = lp::make_kernel("split", [](lp::out<double>, lp::out<double>) {});
void program(lp::Out<double, 1> y) { lp::tie(y(0)) = split(); }
