// A program of one array is run on two.
// expect: lambdapack: pass one argument for each parameter of the program
#include "lambdapack/lambdapack.hpp"

void program(lp::InOut<double, 2> A) { A(0, 0) = potrf(A(0, 0)); }

lp::exec::Report run(lp::TiledMatrix<double>& A) { return lp::run(lp::threads{2}, program, A, A); }
