// A kernel of two tiles is called with one.
// expect: lambdapack: wrong number of arguments for this kernel; pass one for each lp::in, lp::inout, lp::in_list and scalar parameter, in order (lp::out parameters are assigned to, not passed)
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 2> A) { A(1, 0) = trsm(A(0, 0)); }
