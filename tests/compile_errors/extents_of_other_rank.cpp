// A temporary matrix is given one extent.
// expect: lambdapack: lp::extents names another number of sizes than the temporary's rank; give one for each dimension
#include "lambdapack/dsl/dsl.hpp"

void program(lp::Out<double, 1> x) {
  auto S = lp::temp<double, 2>("S", lp::extents(x.extent(0)));
  x(0) = copy(S(0, 0));
}
