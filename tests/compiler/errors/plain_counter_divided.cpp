#include <lambdapack/lambdapack.hpp>

void f(lp::Tiles<double, 1>& x) {
  for (int i = 0; i < x.rows() && i % 3 != 2; ++i) scale(x(i), 0.5);
  for (int i = 0; i / 2 < x.rows(); ++i) scale(x(i), 0.5);
}

// clang-format off
// expect: plain_counter_divided.cpp:4:19: error: the loop's counter stands under / or % here, and a loop ends for good where its condition fails first; compare the counter itself, as in k < n, and choose among its values with if in the loop's body [lp-E115]
// expect:     4 |   for (int i = 0; i < x.rows() && i % 3 != 2; ++i) scale(x(i), 0.5);
// expect:       |                   ^~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: plain_counter_divided.cpp:5:19: error: the loop's counter stands under / or % here, and a loop ends for good where its condition fails first; compare the counter itself, as in k < n, and choose among its values with if in the loop's body [lp-E115]
// expect:     5 |   for (int i = 0; i / 2 < x.rows(); ++i) scale(x(i), 0.5);
// expect:       |                   ^~~~~~~~~~~~~~~~
// expect: 2 errors generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 2 errors, 0 warnings
