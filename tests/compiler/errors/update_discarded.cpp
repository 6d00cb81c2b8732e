#include <lambdapack/lambdapack.hpp>

void added(lp::In<double, 2> A, lp::InOut<double, 2> C) {
  for (auto i : lp::range(C.extent(0))) {
    C(i, 0) = scale(C(i, 0), 2.0);
    gemm(A(i, 0), A(0, i));
  }
}

// clang-format off
// expect: update_discarded.cpp:6:5: error: nothing is done with what gemm adds; add it to a tile, C(i, j) += gemm(...) [lp-E108]
// expect:     6 |     gemm(A(i, 0), A(0, i));
// expect:       |     ^~~~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E108 is explained in docs/diagnostics/lp-E108.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
