#include <lambdapack/lambdapack.hpp>

void counted(lp::InOut<double, 1> x) {
  int count = 0;
  const auto next = [&count] { return count++; };
  for (auto i : lp::range(x.extent(0))) x(i) = scale(x(i), 1.0 * next());
}

// clang-format off
// expect: captured_changed.cpp:5:39: error: a program may not change 'count': it would have one value for all runs of a loop; give each value a const name of its own, or write an index expression of the loops around [lp-E105]
// expect:     5 |   const auto next = [&count] { return count++; };
// expect:       |                                       ^~~~~~~
// expect: captured_changed.cpp:4:3: note: 'count' is declared here
// expect:     4 |   int count = 0;
// expect:       |   ^~~~~~~~~~~~~
// expect: captured_changed.cpp:6:66: note: in this call of 'operator()'
// expect:     6 |   for (auto i : lp::range(x.extent(0))) x(i) = scale(x(i), 1.0 * next());
// expect:       |                                                                  ^~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E105 is explained in docs/diagnostics/lp-E105.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
