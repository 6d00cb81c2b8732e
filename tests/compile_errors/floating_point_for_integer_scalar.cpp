// A floating-point number is passed for an integer parameter.
// expect: lambdapack: a floating-point number was passed for an integer parameter of the kernel; pass an integer or an index expression
#include "lambdapack/dsl/dsl.hpp"

const auto shift = lp::make_kernel("shift", [](lp::inout<double>, int) {});
void program(lp::InOut<double, 1> x) { x(0) = shift(x(0), 2.5); }
