#include <lambdapack/lambdapack.hpp>

void doubling(lp::InOut<double, 1> x) {
  int step = 1;
  for (auto i : lp::range(x.extent(0))) {
    x(i) = scale(x(i), 0.5);
    step *= 2;
  }
}

// clang-format off
// expect: mutable_factor.cpp:7:5: error: a program may not change 'step': it would have one value for all runs of a loop; give each value a const name of its own, or write an index expression of the loops around [lp-E105]
// expect:     7 |     step *= 2;
// expect:       |     ^~~~~~~~~
// expect: mutable_factor.cpp:4:3: note: 'step' is declared here
// expect:     4 |   int step = 1;
// expect:       |   ^~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E105 is explained in docs/diagnostics/lp-E105.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
