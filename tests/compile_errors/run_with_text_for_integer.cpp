// A text is passed for an integer parameter of a program.
// expect: lambdapack: this parameter of the program is an lp::Integer; pass an integer
#include "lambdapack/lambdapack.hpp"

void program(lp::InOut<double, 1> x, lp::Integer n) { x(n) = scale(x(n), 2.0); }

lp::exec::Report run(lp::TiledMatrix<double>& x) {
  return lp::run(lp::threads{2}, program, x, "1");
}
