#include <lambdapack/lambdapack.hpp>

void odd(lp::InOut<double, 1> x, lp::Expr n);

void even(lp::InOut<double, 1> x, lp::Expr n) {
  x(n) = scale(x(n), 0.5);
  odd(x, n - 1);
}

void odd(lp::InOut<double, 1> x, lp::Expr n) { even(x, n - 1); }

void all(lp::InOut<double, 1> x) { even(x, x.extent(0) - 1); }

// clang-format off
// expect: mutual_recursion.cpp:10:48: error: a program may not call itself, as 'even' does: its text would have no end; write a loop [lp-E106]
// expect:    10 | void odd(lp::InOut<double, 1> x, lp::Expr n) { even(x, n - 1); }
// expect:       |                                                ^~~~~~~~~~~~~~
// expect: mutual_recursion.cpp:12:36: note: 'even' was entered here
// expect:    12 | void all(lp::InOut<double, 1> x) { even(x, x.extent(0) - 1); }
// expect:       |                                    ^~~~~~~~~~~~~~~~~~~~~~~~
// expect: mutual_recursion.cpp:7:3: note: in this call of 'odd'
// expect:     7 |   odd(x, n - 1);
// expect:       |   ^~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E106 is explained in docs/diagnostics/lp-E106.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
