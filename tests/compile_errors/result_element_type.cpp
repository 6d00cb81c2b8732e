// A kernel's result of double is assigned to a tile of float.
// expect: lambdapack: the kernel writes another element type than this array holds; change the array's type or the kernel's
#include "lambdapack/dsl/dsl.hpp"

void program(lp::In<double, 1> x, lp::Out<float, 1> y) { y(0) = copy(x(0)); }
