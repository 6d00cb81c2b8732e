// A number is added to a tile.
// expect: lambdapack: only a kernel adds to a tile; write C(i, j) += add(B(i, j))
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 1> y) { y(0) += 1.0; }
