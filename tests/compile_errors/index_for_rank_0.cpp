// The one tile of an array of rank 0 is named by an index.
// expect: lambdapack: the number of indices differs from the array's rank; write one index for each dimension in lp::In<T, rank>, lp::Out, lp::InOut or lp::temp
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 0> x) { x() = scale(x(0), 2.0); }
