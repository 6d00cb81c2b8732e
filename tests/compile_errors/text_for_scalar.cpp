// A text is passed for a scalar parameter.
// expect: lambdapack: this argument does not fit the kernel's scalar parameter; pass a number of the parameter's type or an index expression
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 1> x) { x(0) = scale(x(0), "2.0"); }
