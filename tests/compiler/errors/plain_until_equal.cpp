#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_all(lp::Tiles<double, 1>& x) {
  for (int i = 1; i != x.rows(); ++i) halve(x(i));
}

// clang-format off
// expect: plain_until_equal.cpp:6:19: error: this loop ends where its counter is the bound exactly, and for some sizes it may begin beyond it, and not end; write i < n, or i > n if it goes down [lp-E102]
// expect:     6 |   for (int i = 1; i != x.rows(); ++i) halve(x(i));
// expect:       |                   ^~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E102 is explained in docs/diagnostics/lp-E102.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
