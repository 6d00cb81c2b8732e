// lp::tie names two tiles for one output.
// expect: lambdapack: lp::tie names another number of tiles than the kernel writes; name one tile for each lp::out and lp::inout parameter, in their order
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 1> y) { lp::tie(y(0), y(1)) = scale(y(0), 2.0); }
