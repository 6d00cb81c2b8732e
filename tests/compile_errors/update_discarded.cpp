// A call to be added is not added to anything; it is a warning, an error here.
// expect: lambdapack: add the kernel's result to a tile, C(i, j) += kernel(...)
#include "lambdapack/dsl/dsl.hpp"

#pragma GCC diagnostic error "-Wunused-result"
void program(lp::InOut<double, 1> x) { add(x(0)); }
