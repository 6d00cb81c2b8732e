// A run of tiles is passed for one tile.
// expect: lambdapack: this parameter of the kernel takes one tile, not a run; pass A(i, j), or make the parameter an lp::in_list
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 2> A) { A(1, 0) = trsm(A(0, 0), A(lp::range(1, 2), 0)); }
