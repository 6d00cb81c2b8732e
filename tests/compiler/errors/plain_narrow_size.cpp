#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_first(lp::Tiles<double, 1>& x, short n) {
  for (int i = 0; i < n && i < x.rows(); ++i) halve(x(i));
}

// clang-format off
// expect: plain_narrow_size.cpp:5:43: error: this size is smaller than an int, and would not hold all that a run is given; use int or std::int64_t [lp-E115]
// expect:     5 | void halve_first(lp::Tiles<double, 1>& x, short n) {
// expect:       |                                           ^~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
