// A tile is assigned to a tile in a function over tiles.
// expect: lambdapack: a tile is written by a kernel; write copy(A(i, j), B(i, j))
#include "lambdapack/lambdapack.hpp"

void f(lp::Tiles<double>& A) { A(0, 0) = A(1, 0); }
