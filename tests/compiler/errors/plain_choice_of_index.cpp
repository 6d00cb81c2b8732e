#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

int nearest_end(int i, int n) {
  return 2 * i < n ? 0 : n - 1;
}

void halve_ends(lp::Tiles<double, 1>& x) {
  for (int i = 0; i < x.rows(); ++i) halve(x(nearest_end(i, x.rows())));
}

// clang-format off
// expect: plain_choice_of_index.cpp:6:10: error: this condition on indices has no value while the program is read; an index is one expression for all sizes: take std::min or std::max of two, or choose between calls of kernels with if [lp-E111]
// expect:     6 |   return 2 * i < n ? 0 : n - 1;
// expect:       |          ^~~~~~~~~
// expect: plain_choice_of_index.cpp:10:46: note: in this call of 'nearest_end'
// expect:    10 |   for (int i = 0; i < x.rows(); ++i) halve(x(nearest_end(i, x.rows())));
// expect:       |                                              ^~~~~~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E111 is explained in docs/diagnostics/lp-E111.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
