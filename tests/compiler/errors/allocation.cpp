#include <lambdapack/lambdapack.hpp>

void allocating(lp::InOut<double, 1> x) {
  const int* steps = new int[2]{1, 2};
  for (auto i : lp::range(x.extent(0))) x(i) = scale(x(i), 0.5);
  delete[] steps;
}

// clang-format off
// expect: allocation.cpp:4:22: error: a program may not allocate memory; tiles of lp::temp<T, rank>("S") are there for what tasks hand on [lp-E103]
// expect:     4 |   const int* steps = new int[2]{1, 2};
// expect:       |                      ^~~~~~~~~~~~~~~~
// expect: allocation.cpp:6:3: error: a program may not free memory; tiles of lp::temp<T, rank>("S") live as long as a run needs them [lp-E103]
// expect:     6 |   delete[] steps;
// expect:       |   ^~~~~~~~~~~~~~
// expect: 2 errors generated.
// expect: lpc: lp-E103 is explained in docs/diagnostics/lp-E103.md
// expect: lpc: 1 program checked, 2 errors, 0 warnings
