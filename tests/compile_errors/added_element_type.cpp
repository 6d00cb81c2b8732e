// A kernel adds doubles to a tile of floats.
// expect: lambdapack: the kernel writes another element type than this array holds; change the array's type or the kernel's
#include "lambdapack/dsl/dsl.hpp"

void program(lp::In<double, 1> x, lp::InOut<float, 1> y) { y(0) += add(x(1)); }
