#include <lambdapack/lambdapack.hpp>

int count(int i) {
  int changes = 0;
  const bool is_first = i == 0 && ++changes > 0;
  return changes;
}

void f(lp::Tiles<double, 1>& x) {
  for (int i = 0; i + 1 < x.rows(); ++i) scale(x(i + count(i)), 0.5);
}

// clang-format off
// expect: plain_change_in_condition.cpp:10:54: error: 'changes' is changed in a condition that depends on an index, which has no value while the program is read; change it in a statement of its own [lp-E105]
// expect:    10 |   for (int i = 0; i + 1 < x.rows(); ++i) scale(x(i + count(i)), 0.5);
// expect:       |                                                      ^~~~~~~~
// expect: plain_change_in_condition.cpp:4:3: note: 'changes' is declared here
// expect:     4 |   int changes = 0;
// expect:       |   ^~~~~~~~~~~~~~~
// expect: plain_change_in_condition.cpp:10:54: note: in this call of 'count'
// expect:    10 |   for (int i = 0; i + 1 < x.rows(); ++i) scale(x(i + count(i)), 0.5);
// expect:       |                                                      ^~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E105 is explained in docs/diagnostics/lp-E105.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
