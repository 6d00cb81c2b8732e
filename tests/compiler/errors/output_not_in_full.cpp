#include <lambdapack/lambdapack.hpp>

void lower(lp::In<double, 2> A, lp::Out<double, 2> L) {
  for (auto i : lp::range(A.extent(0)))
    for (auto j : lp::range(i + 1)) L(i, j) = copy(A(i, j));
}

// clang-format off
// expect: output_not_in_full.cpp:5:37: error: the output L, written at output_not_in_full.cpp:5, is not written in full when A.extent(0) >= 2: for A.extent(0) = 2, A.extent(1) = 2, L.extent(0) = 2, L.extent(1) = 2 nothing writes L(0, 1); write the tile, or say what unwritten tiles hold with L.unwritten(lp::zero), or, in a function over lp::Tiles, take it as lp::Tiles<T>&, whose tiles hold something before [lp-E003]
// expect:     5 |     for (auto j : lp::range(i + 1)) L(i, j) = copy(A(i, j));
// expect:       |                                     ^~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E003 is explained in docs/diagnostics/lp-E003.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
