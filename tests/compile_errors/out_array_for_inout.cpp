// A program is called that overwrites an array which its caller makes.
// expect: lambdapack: an lp::Out array has no contents that an lp::InOut could be; declare it lp::InOut, or use a temporary with lp::extents
#include "lambdapack/dsl/dsl.hpp"

void inner(lp::InOut<double, 1> x) { x(0) = scale(x(0), 2.0); }
void program(lp::Out<double, 1> x) { inner(x); }
