// A tile is assigned to a tile.
// expect: lambdapack: a tile is written by a kernel; write A(i, j) = copy(B(i, j))
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 1> x) { x(0) = x(1); }
