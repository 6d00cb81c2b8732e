// A program is called that overwrites an array which its caller only reads.
// expect: lambdapack: an lp::In array cannot be handed to a program that overwrites an lp::InOut; declare it lp::InOut, or copy it to a temporary with lp::extents
#include "lambdapack/dsl/dsl.hpp"

void inner(lp::InOut<double, 1> x) { x(0) = scale(x(0), 2.0); }
void program(lp::In<double, 1> x) { inner(x); }
