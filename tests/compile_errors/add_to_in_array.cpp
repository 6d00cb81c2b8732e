// A kernel adds to a tile of an lp::In array.
// expect: lambdapack: a tile of an lp::In array cannot be written; declare the array lp::Out or lp::InOut
#include "lambdapack/dsl/dsl.hpp"

void program(lp::In<double, 1> x) { x(0) += add(x(1)); }
