#include <lambdapack/lambdapack.hpp>

void f(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0))) x(i) = scale(x(i), 0.5);
  x(9'223'372'036'854'775'808u) = scale(x(0), 0.5);
}

// clang-format off
// expect: index_too_large.cpp:5:5: error: the number 9223372036854775808 is too large for an index, which has 64 bits and a sign; use a smaller one [lp-E011]
// expect:     5 |   x(9'223'372'036'854'775'808u) = scale(x(0), 0.5);
// expect:       |     ^~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E011 is explained in docs/diagnostics/lp-E011.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
