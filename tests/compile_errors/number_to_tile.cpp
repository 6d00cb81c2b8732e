// A number is assigned to a tile.
// expect: lambdapack: a tile is written by a kernel; write A(i, j) = kernel(...)
#include "lambdapack/dsl/dsl.hpp"

void program(lp::Out<double, 1> y) { y(0) = 0.0; }
