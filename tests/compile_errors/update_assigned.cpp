// A call that leaves out the tile that the kernel changes is assigned.
// expect: lambdapack: this call leaves out the tile that the kernel changes; write C(i, j) += kernel(...), or name that tile too, C(i, j) = kernel(C(i, j), ...)
#include "lambdapack/dsl/dsl.hpp"

void program(lp::In<double, 2> A, lp::InOut<double, 2> C) { C(0, 0) = gemm(A(0, 0), A(0, 0)); }
