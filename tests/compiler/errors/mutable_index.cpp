#include <lambdapack/lambdapack.hpp>

void shrinking(lp::InOut<double, 1> x) {
  lp::Expr n = x.extent(0);
  for (auto t : lp::range(3)) {
    x(t) = scale(x(t), 0.5);
    n = n - 1;
  }
}

// clang-format off
// expect: mutable_index.cpp:7:5: error: a program may not change 'n': it would have one value for all runs of a loop; give each value a const name of its own, or write an index expression of the loops around [lp-E105]
// expect:     7 |     n = n - 1;
// expect:       |     ^~~~~~~~~
// expect: mutable_index.cpp:4:3: note: 'n' is declared here
// expect:     4 |   lp::Expr n = x.extent(0);
// expect:       |   ^~~~~~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E105 is explained in docs/diagnostics/lp-E105.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
