// An index is the product of two loop indices.
// expect: lambdapack: a product of two indices is not affine; multiply an index by a constant only, or give the array one more dimension
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0)))
    for (auto j : lp::range(i)) x(i * j) = scale(x(i * j), 2.0);
}
