#include <lambdapack/lambdapack.hpp>

void add(lp::inout<double> to, lp::in<double> from);

void sum(lp::Tiles<double, 1>& x) {
  static lp::TempTiles<double, 1> W(lp::zero);
  for (int k = 0; k < x.rows(); ++k) add(W(0), x(k));
}

// clang-format off
// expect: plain_static_temporary.cpp:6:3: error: these tiles would live on from call to call, and those of a task graph are made anew in each run; leave static out, or take an lp::Tiles parameter [lp-E115]
// expect:     6 |   static lp::TempTiles<double, 1> W(lp::zero);
// expect:       |   ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
