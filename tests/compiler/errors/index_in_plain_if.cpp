#include <lambdapack/lambdapack.hpp>

void compared(lp::InOut<double, 2> A) {
  for (auto i : lp::range(A.extent(0)))
    if (i < A.extent(1)) A(i, i) = scale(A(i, i), 0.5);
}

// clang-format off
// expect: index_in_plain_if.cpp:5:9: error: a condition on indices has no value while a program is traced; loop with for (auto i : lp::range(n)) and guard with if (auto x = lp::when(condition)) [lp-E115]
// expect:     5 |     if (i < A.extent(1)) A(i, i) = scale(A(i, i), 0.5);
// expect:       |         ^
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 0 programs checked, 1 error, 0 warnings
