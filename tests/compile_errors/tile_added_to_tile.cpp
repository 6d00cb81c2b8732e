// A tile is added to a tile.
// expect: lambdapack: only a kernel adds to a tile; write C(i, j) += add(B(i, j))
#include "lambdapack/dsl/dsl.hpp"

void program(lp::In<double, 1> x, lp::InOut<double, 1> y) { y(0) += x(0); }
