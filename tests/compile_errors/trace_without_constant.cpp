// A program is traced without the value of its constant.
// expect: lambdapack: pass one value for each parameter of the program that is neither an array nor lp::Integer
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 1> x, int width) { x(width) = scale(x(width), 2.0); }
const auto traced = lp::trace(program);
