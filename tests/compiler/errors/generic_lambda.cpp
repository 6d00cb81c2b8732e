#include <lambdapack/lambdapack.hpp>

const auto halve_all = []<class T>(lp::InOut<T, 1> y) {
  for (auto k : lp::range(y.extent(0))) y(k) = scale(y(k), 0.5);
};

// clang-format off
// expect: generic_lambda.cpp:3:24: warning: a program that is a generic lambda is not read; write a template of a function, and instantiate it [lp-W103]
// expect:     3 | const auto halve_all = []<class T>(lp::InOut<T, 1> y) {
// expect:       |                        ^
// expect: 1 warning generated.
// expect: lpc: lp-W103 is explained in docs/diagnostics/lp-W103.md
// expect: lpc: 0 programs checked, 0 errors, 1 warning
