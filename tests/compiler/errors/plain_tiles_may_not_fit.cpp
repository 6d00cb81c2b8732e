#include <lambdapack/lambdapack.hpp>

void cholesky(lp::Tiles<double>& A) {
  for (int k = 0; k < A.rows(); ++k) {
    potrf(A(k, k));
    for (int m = k + 1; m < A.rows(); ++m) trsm(A(k, k), A(m, k));
    for (int m = k + 1; m < A.rows(); ++m)
      for (int j = k + 1; j <= m; ++j) syrk(A(m, j), A(j, k), A(m, k));
  }
}

const auto turn = lp::make_kernel(
    "turn", [](lp::inout<double> b, lp::in<double> a) { b(0, 0) -= a(0, 0); }, "mn,nm");

void turn_all(const lp::Tiles<double>& A, lp::Tiles<double>& B) {
  for (int i = 0; i < B.rows(); ++i)
    for (int j = 0; j < B.cols(); ++j) turn(B(i, j), A(i, j));
}

// clang-format off
// expect: plain_tiles_may_not_fit.cpp:8:45: warning: A(m, j) = syrk(A(m, j), A(j, k), A(m, k)) at plain_tiles_may_not_fit.cpp:8 may fail when A.extent(0) >= 3: there must be as many rows of A(m, j) as rows of A(j, k), but for A.extent(0) = 3, A.extent(1) = 3 syrk[k=0,m=2,j=1] takes A(2, 1) and A(1, 0), of which only A(2, 1) is the last in that dimension, where tiles may be smaller; check the indices, or run it on tiles of one size only [lp-W003]
// expect:     8 |       for (int j = k + 1; j <= m; ++j) syrk(A(m, j), A(j, k), A(m, k));
// expect:       |                                             ^~~~~~~
// expect: plain_tiles_may_not_fit.cpp:8:54: note: the other tile is here
// expect:     8 |       for (int j = k + 1; j <= m; ++j) syrk(A(m, j), A(j, k), A(m, k));
// expect:       |                                                      ^~~~~~~
// expect: plain_tiles_may_not_fit.cpp:17:45: warning: B(i, j) = turn(B(i, j), A(i, j)) at plain_tiles_may_not_fit.cpp:17 may fail when B.extent(1) = A.extent(0) and A.extent(0) >= 2 and A.extent(1) >= A.extent(0) and 0 < B.extent(0) <= A.extent(0): there must be as many columns of B(i, j) as rows of A(i, j), but for A.extent(0) = 2, A.extent(1) = 2, B.extent(0) = 1, B.extent(1) = 2 turn[i=0,j=1] takes B(0, 1) and A(0, 1), of which only B(0, 1) is the last in that dimension, where tiles may be smaller; check the indices, or run it on tiles of one size only [lp-W003]
// expect:    17 |     for (int j = 0; j < B.cols(); ++j) turn(B(i, j), A(i, j));
// expect:       |                                             ^~~~~~~
// expect: plain_tiles_may_not_fit.cpp:17:54: note: the other tile is here
// expect:    17 |     for (int j = 0; j < B.cols(); ++j) turn(B(i, j), A(i, j));
// expect:       |                                                      ^~~~~~~
// expect: 2 warnings generated.
// expect: lpc: lp-W003 is explained in docs/diagnostics/lp-W003.md
// expect: lpc: 2 programs checked, 0 errors, 2 warnings
