// A kernel's result is added to a tile.
// expect: lambdapack: += on tiles is not there yet; pass the tile to a kernel that updates it, C(i, j) = gemm(C(i, j), A(i, k), B(k, j))
#include "lambdapack/dsl/dsl.hpp"

void program(lp::In<double, 1> x, lp::InOut<double, 1> y) { y(0) += scale(x(0), 2.0); }
