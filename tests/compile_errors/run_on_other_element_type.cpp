// A program of double is run on a matrix of float.
// expect: lambdapack: the array's element type differs from the program's; convert the data, or use the program for that type, such as cholesky<float>
#include "lambdapack/lambdapack.hpp"

void program(lp::InOut<double, 2> A) { A(0, 0) = potrf(A(0, 0)); }

lp::exec::Report run(lp::TiledMatrix<float>& A) { return lp::run(lp::threads{2}, program, A); }
