// A kernel's result is assigned to a run of tiles.
// expect: lambdapack: a run of tiles is read, not written; loop over it with for (auto i : lp::range(lo, hi)) and write A(i, j) = kernel(...)
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 1> x) { x(lp::range(0, x.extent(0))) = scale(x(0), 2.0); }
