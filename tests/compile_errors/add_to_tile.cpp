// A kernel's result is added to a tile, and the kernel is given all of its tiles.
// expect: lambdapack: += adds what a kernel adds to its first parameter, which must be an lp::inout and its only output, and is left out of the call; write C(i, j) += gemm(A(i, k), B(k, j)), or C(i, j) = kernel(...)
#include "lambdapack/dsl/dsl.hpp"

void program(lp::In<double, 1> x, lp::InOut<double, 1> y) { y(0) += scale(x(0), 2.0); }
