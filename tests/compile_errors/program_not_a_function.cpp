// A matrix stands where the program belongs.
// expect: lambdapack: a program is a function or lambda that returns void and whose parameter types are spelled out; write cholesky<double>, not cholesky, and no auto parameters
#include "lambdapack/lambdapack.hpp"

lp::exec::Report run(lp::TiledMatrix<double> A) { return lp::run(lp::threads{2}, A, A); }
