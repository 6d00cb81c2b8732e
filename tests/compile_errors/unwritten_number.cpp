// Unwritten tiles are said to hold a number.
// expect: lambdapack: unwritten tiles are lp::zero, or what a kernel of lp::make_kernel makes whose only parameter is an lp::out
#include "lambdapack/dsl/dsl.hpp"

void program(lp::Out<double, 1> x) { x.unwritten(1.0); }
