// Tiles of float and double are passed to one kernel of the library.
// expect: lambdapack: the tile has another element type than the kernel's parameter; change the array's type or the kernel's
#include "lambdapack/dsl/dsl.hpp"

void program(lp::In<double, 2> L, lp::InOut<float, 2> B) { B(0, 0) = trsm_left(L(0, 0), B(0, 0)); }
