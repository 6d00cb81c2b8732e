// A program is called that makes an array which its caller only reads.
// expect: lambdapack: an lp::In array cannot be handed to a program that makes an lp::Out; declare it lp::InOut, or hand in a temporary with lp::extents
#include "lambdapack/dsl/dsl.hpp"

void inner(lp::In<double, 1> x, lp::Out<double, 1> y) { y(0) = copy(x(0)); }
void program(lp::In<double, 1> x) { inner(x, x); }
