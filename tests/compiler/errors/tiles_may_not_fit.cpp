#include <lambdapack/lambdapack.hpp>

void multiply(lp::In<double, 2> A, lp::In<double, 2> B, lp::InOut<double, 2> C) {
  for (auto i : lp::range(C.extent(0)))
    for (auto j : lp::range(C.extent(1)))
      for (auto k : lp::range(A.extent(1))) C(i, j) += gemm(A(i, k), B(j, k));
}

// clang-format off
// expect: tiles_may_not_fit.cpp:6:61: warning: C(i, j) += gemm(A(i, k), B(j, k)) at tiles_may_not_fit.cpp:6 may fail: there must be as many columns of A(i, k) as rows of B(j, k), but for A.extent(0) = 1, A.extent(1) = 2, B.extent(0) = 2, B.extent(1) = 2, C.extent(0) = 1, C.extent(1) = 1 gemm[i=0,j=0,k=1] takes A(0, 1) and B(0, 1), of which only A(0, 1) is the last in that dimension, where tiles may be smaller; check the indices, or run it on tiles of one size only [lp-W003]
// expect:     6 |       for (auto k : lp::range(A.extent(1))) C(i, j) += gemm(A(i, k), B(j, k));
// expect:       |                                                             ^~~~~~~
// expect: tiles_may_not_fit.cpp:6:70: note: the other tile is here
// expect:     6 |       for (auto k : lp::range(A.extent(1))) C(i, j) += gemm(A(i, k), B(j, k));
// expect:       |                                                                      ^~~~~~~
// expect: 1 warning generated.
// expect: lpc: lp-W003 is explained in docs/diagnostics/lp-W003.md
// expect: lpc: 1 program checked, 0 errors, 1 warning
