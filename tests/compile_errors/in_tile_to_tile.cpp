// A tile of an lp::In array is assigned to a tile.
// expect: lambdapack: a tile is written by a kernel; write A(i, j) = copy(B(i, j))
#include "lambdapack/dsl/dsl.hpp"

void program(lp::In<double, 1> x, lp::Out<double, 1> y) { y(0) = x(0); }
