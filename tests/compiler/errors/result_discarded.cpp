#include <lambdapack/lambdapack.hpp>

void discarded(lp::InOut<double, 2> A) {
  for (auto k : lp::range(A.extent(1))) potrf(A(k, k));
}

// clang-format off
// expect: result_discarded.cpp:4:41: error: nothing is done with what potrf makes; assign it to a tile, A(i, j) = potrf(...), or to several with lp::tie [lp-E108]
// expect:     4 |   for (auto k : lp::range(A.extent(1))) potrf(A(k, k));
// expect:       |                                         ^~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E108 is explained in docs/diagnostics/lp-E108.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
