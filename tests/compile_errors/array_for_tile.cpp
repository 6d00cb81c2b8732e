// An array is passed for a tile.
// expect: lambdapack: this parameter of the kernel is a tile; pass a tile such as A(i, j)
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 2> A) { A(1, 0) = trsm(A(0, 0), A); }
