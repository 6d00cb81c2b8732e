// A kernel's result is not assigned; it is a warning, an error here.
// expect: lambdapack: assign the kernel's result to a tile, A(i, j) = kernel(...), or to several with lp::tie
#include "lambdapack/dsl/dsl.hpp"

#pragma GCC diagnostic error "-Wunused-result"
void program(lp::InOut<double, 1> x) { scale(x(0), 2.0); }
