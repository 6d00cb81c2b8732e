#include <lambdapack/lambdapack.hpp>

void halves(lp::InOut<double, 1> x, lp::Expr n) {
  x(n) = scale(x(n), 0.5);
  halves(x, n / 2);
}

void all(lp::InOut<double, 1> x) { halves(x, x.extent(0) - 1); }

// clang-format off
// expect: recursion.cpp:5:3: error: a program may not call itself, as 'halves' does: its text would have no end; write a loop [lp-E106]
// expect:     5 |   halves(x, n / 2);
// expect:       |   ^~~~~~~~~~~~~~~~
// expect: recursion.cpp:8:36: note: 'halves' was entered here
// expect:     8 | void all(lp::InOut<double, 1> x) { halves(x, x.extent(0) - 1); }
// expect:       |                                    ^~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: recursion.cpp:8:36: note: in this call of 'halves'
// expect:     8 | void all(lp::InOut<double, 1> x) { halves(x, x.extent(0) - 1); }
// expect:       |                                    ^~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E106 is explained in docs/diagnostics/lp-E106.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
