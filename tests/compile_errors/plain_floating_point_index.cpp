// A number with a fraction as a tile's index in a function over tiles.
// expect: lambdapack: a tile's index must be an integer; write A(i + 1, 0)
#include "lambdapack/lambdapack.hpp"

void f(lp::Tiles<double>& A) { potrf(A(0.5, 0)); }
