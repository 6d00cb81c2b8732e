// A tile of a vector is named by two indices.
// expect: lambdapack: the number of indices differs from the array's rank; write one index for each dimension in lp::In<T, rank>, lp::Out, lp::InOut or lp::temp
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 1> x) { x(0, 0) = scale(x(0), 2.0); }
