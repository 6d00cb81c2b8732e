// A call that leaves out the tile that the kernel changes is tied.
// expect: lambdapack: this call leaves out the tile that the kernel changes; write C(i, j) += kernel(...), or name that tile too, C(i, j) = kernel(C(i, j), ...)
#include "lambdapack/dsl/dsl.hpp"

void program(lp::In<double, 1> x, lp::InOut<double, 1> y) { lp::tie(y(0)) = add(x(0)); }
