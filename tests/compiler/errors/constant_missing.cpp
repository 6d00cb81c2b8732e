#include <lambdapack/lambdapack.hpp>

void scaled(lp::InOut<double, 1> x, bool twice) {
  for (auto i : lp::range(x.extent(0))) {
    x(i) = scale(x(i), 0.5);
    if (twice) x(i) = scale(x(i), 0.5);
  }
}

// clang-format off
// expect: constant_missing.cpp:3:37: warning: the program scaled is left out, since its parameter 'twice' is a constant (bool) whose value is not given; pass --constant twice=..., or give the parameter a default [lp-W102]
// expect:     3 | void scaled(lp::InOut<double, 1> x, bool twice) {
// expect:       |                                     ^~~~~~~~~~
// expect: 1 warning generated.
// expect: lpc: lp-W102 is explained in docs/diagnostics/lp-W102.md
// expect: lpc: 0 programs checked, 0 errors, 1 warning
