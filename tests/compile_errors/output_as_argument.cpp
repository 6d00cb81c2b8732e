// A kernel's output is passed to it, as in BLAS.
// expect: lambdapack: wrong number of arguments for this kernel; pass one for each lp::in, lp::inout, lp::in_list and scalar parameter, in order (lp::out parameters are assigned to, not passed)
#include "lambdapack/dsl/dsl.hpp"

void program(lp::In<double, 1> x, lp::Out<double, 1> y) { y(0) = copy(y(0), x(0)); }
