#include <lambdapack/lambdapack.hpp>

void product(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0)))
    for (auto j : lp::range(x.extent(0))) x(i * j) = scale(x(i * j), 0.5);
}

// clang-format off
// expect: product_of_indices.cpp:5:47: error: a product of two indices is not affine; multiply an index by a constant only, or give the array one more dimension [lp-E006]
// expect:     5 |     for (auto j : lp::range(x.extent(0))) x(i * j) = scale(x(i * j), 0.5);
// expect:       |                                               ^
// expect: 1 error generated.
// expect: lpc: lp-E006 is explained in docs/diagnostics/lp-E006.md
// expect: lpc: 0 programs checked, 1 error, 0 warnings
