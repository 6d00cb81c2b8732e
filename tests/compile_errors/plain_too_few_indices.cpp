// One index for tiles of rank 2 in a function over tiles.
// expect: lambdapack: the number of indices differs from the rank of these tiles; write one index for each dimension of lp::Tiles<T, rank>
#include "lambdapack/lambdapack.hpp"

void f(lp::Tiles<double>& A) { potrf(A(0)); }
