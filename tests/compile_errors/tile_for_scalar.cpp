// A tile is passed for a scalar parameter.
// expect: lambdapack: a tile was passed for a scalar parameter of the kernel; pass a number or an index expression
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 1> x) { x(0) = scale(x(0), x(1)); }
