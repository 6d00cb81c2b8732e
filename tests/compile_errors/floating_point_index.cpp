// A tile is named by a floating-point number.
// expect: lambdapack: a tile's index must be an integer or an index expression; write A(i + 1, 0)
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 1> x) { x(0) = scale(x(0.5), 2.0); }
