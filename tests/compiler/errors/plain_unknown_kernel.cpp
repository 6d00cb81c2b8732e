#include <lambdapack/lambdapack.hpp>

void show(int index);

void show_all(lp::Tiles<double, 1>& x) {
  for (int i = 0; i < x.extent(0); ++i) show(i);
}

// clang-format off
// expect: plain_unknown_kernel.cpp:6:41: error: a program may not call 'show', whose body is not in this file: what it does is not known while the program is read; call kernels, and functions of arrays and indices that are defined here [lp-E104]
// expect:     6 |   for (int i = 0; i < x.extent(0); ++i) show(i);
// expect:       |                                         ^~~~~~~
// expect: plain_unknown_kernel.cpp:3:6: note: 'show' is declared here
// expect:     3 | void show(int index);
// expect:       |      ^~~~
// expect: 1 error generated.
// expect: lpc: lp-E104 is explained in docs/diagnostics/lp-E104.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
