#include <lambdapack/lambdapack.hpp>

#include <cstdio>

void halve(lp::inout<double> a);

void halve_all(lp::Tiles<double, 1>& x) {
  for (int i = 0; i < x.extent(0); ++i) {
    std::printf("%d\n", i);
    halve(x(i));
  }
}

// clang-format off
// expect: plain_printing.cpp:9:5: error: a program may not print: its text is read once, not run for each task; let a kernel print, or look at the report of a run [lp-E103]
// expect:     9 |     std::printf("%d\n", i);
// expect:       |     ^~~~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E103 is explained in docs/diagnostics/lp-E103.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
