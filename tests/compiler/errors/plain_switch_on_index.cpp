#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_two(lp::Tiles<double, 1>& x) {
  for (int i = 0; i < x.rows(); ++i) switch (i) {
      case 0:
      case 1:
        halve(x(i));
    }
}

// clang-format off
// expect: plain_switch_on_index.cpp:6:46: error: an index has no value while the program is read, and switch takes one; write if (k == 0) ... else if (k == 1) ..., in the function over lp::Tiles [lp-E111]
// expect:     6 |   for (int i = 0; i < x.rows(); ++i) switch (i) {
// expect:       |                                              ^
// expect: 1 error generated.
// expect: lpc: lp-E111 is explained in docs/diagnostics/lp-E111.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
