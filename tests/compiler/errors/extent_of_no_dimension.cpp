#include <lambdapack/lambdapack.hpp>

void planes(lp::InOut<double, 2> A) {
  for (auto k : lp::range(A.extent(2))) A(k, k) = scale(A(k, k), 0.5);
}

// clang-format off
// expect: extent_of_no_dimension.cpp:4:27: error: extent(2) of an array of rank 2; dimensions count from 0, give one that it has [lp-E008]
// expect:     4 |   for (auto k : lp::range(A.extent(2))) A(k, k) = scale(A(k, k), 0.5);
// expect:       |                           ^~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E008 is explained in docs/diagnostics/lp-E008.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
