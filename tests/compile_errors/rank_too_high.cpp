// An array has nine dimensions.
// expect: lambdapack: an array's rank must be from 0 to 8
#include "lambdapack/dsl/dsl.hpp"

void program(lp::In<double, 9> A) { static_cast<void>(A); }
