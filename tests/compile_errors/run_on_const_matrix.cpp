// A program that writes its array is run on a const matrix.
// expect: lambdapack: a const array cannot be written; pass a mutable one for an lp::Out or lp::InOut parameter
#include "lambdapack/lambdapack.hpp"

void program(lp::InOut<double, 2> A) { A(0, 0) = potrf(A(0, 0)); }

lp::exec::Report run(const lp::TiledMatrix<double>& A) {
  return lp::run(lp::threads{2}, program, A);
}
