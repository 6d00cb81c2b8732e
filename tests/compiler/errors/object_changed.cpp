#include <lambdapack/lambdapack.hpp>

struct Counter {
  int count = 0;
  void next() { ++count; }
};

void counted(lp::InOut<double, 1> x) {
  Counter counter;
  for (auto i : lp::range(x.extent(0))) {
    x(i) = scale(x(i), 0.5);
    counter.next();
  }
}

// clang-format off
// expect: object_changed.cpp:12:5: error: a program may not change an object: it would have one value for all runs of a loop; give each value a const name of its own, or write an index expression of the loops around [lp-E105]
// expect:    12 |     counter.next();
// expect:       |     ^~~~~~~~~~~~~~
// expect: object_changed.cpp:12:5: note: in this call of 'next'
// expect:    12 |     counter.next();
// expect:       |     ^~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E105 is explained in docs/diagnostics/lp-E105.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
