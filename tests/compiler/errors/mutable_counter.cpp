#include <lambdapack/lambdapack.hpp>

void counted(lp::InOut<double, 1> x, lp::Out<double, 1> y) {
  int count = 0;
  for (auto i : lp::range(x.extent(0))) {
    y(count) = copy(x(i));
    ++count;
  }
}

// clang-format off
// expect: mutable_counter.cpp:7:5: error: a program may not change 'count': it would have one value for all runs of a loop; give each value a const name of its own, or write an index expression of the loops around [lp-E105]
// expect:     7 |     ++count;
// expect:       |     ^~~~~~~
// expect: mutable_counter.cpp:4:3: note: 'count' is declared here
// expect:     4 |   int count = 0;
// expect:       |   ^~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E105 is explained in docs/diagnostics/lp-E105.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
