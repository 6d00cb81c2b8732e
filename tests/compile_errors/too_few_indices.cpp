// A tile of a matrix is named by one index.
// expect: lambdapack: the number of indices differs from the array's rank; write one index for each dimension in lp::In<T, rank>, lp::Out, lp::InOut or lp::temp
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 2> A) { A(0, 0) = potrf(A(0)); }
