// A program is run without saying by what.
// expect: lambdapack: the first argument is what runs the program; pass an executor such as lp::threads{} or lp::sequential{}
#include "lambdapack/lambdapack.hpp"

void program(lp::InOut<double, 2> A) { A(0, 0) = potrf(A(0, 0)); }

lp::exec::Report run(lp::TiledMatrix<double>& A) { return lp::run(program, A); }
