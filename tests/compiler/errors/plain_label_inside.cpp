#include <lambdapack/lambdapack.hpp>

constexpr int width = 2;

void f(lp::Tiles<double, 1>& x) {
  if (x.rows() < 2) return;
  switch (width) {
    case 1: {
      scale(x(0), 0.5);
      case 2:
        scale(x(1), 0.5);
    }
  }
}

// clang-format off
// expect: plain_label_inside.cpp:10:7: error: this label stands in a statement inside of the switch, which the switch would jump into; write the labels of a switch in its own block [lp-E110]
// expect:    10 |       case 2:
// expect:       |       ^~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E110 is explained in docs/diagnostics/lp-E110.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
