// A kernel of lp::make_kernel is called on a tile that it may not write.
// expect: lambdapack: a kernel that is called on lp::Tiles takes, in order, a tile for each lp::in, lp::out and lp::inout parameter, a run of tiles for an lp::in_list, and a number for a scalar; pass them all, and tiles of a const lp::Tiles to lp::in only
#include "lambdapack/lambdapack.hpp"

const auto twice = lp::make_kernel("twice", [](lp::inout<double> x) { x(0, 0) *= 2; });

void f(const lp::Tiles<double>& A) { twice(A(0, 0)); }
