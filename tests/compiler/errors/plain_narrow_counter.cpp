#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_all(lp::Tiles<double, 1>& x) {
  for (unsigned char i = 0; i < x.rows(); ++i) halve(x(i));
}

// clang-format off
// expect: plain_narrow_counter.cpp:6:3: error: the counter of this loop is a unsigned char, which is smaller than an int and does not hold all indices; use int or std::int64_t [lp-E115]
// expect:     6 |   for (unsigned char i = 0; i < x.rows(); ++i) halve(x(i));
// expect:       |   ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
