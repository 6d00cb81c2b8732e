// A function over tiles that takes a number with a fraction is handed to an executor.
// expect: lambdapack: the parameters of a function over lp::Tiles are lp::Tiles<T, rank>&, const lp::Tiles<T, rank>&, lp::OutTiles<T, rank>&, integers and bools; move others into the kernels
#include "lambdapack/lambdapack.hpp"

void f(lp::Tiles<double>& A, double alpha) { scale(A(0, 0), alpha); }

void g(lp::TiledMatrix<double>& A) { lp::run(lp::threads{}, f, A, 2.0); }
