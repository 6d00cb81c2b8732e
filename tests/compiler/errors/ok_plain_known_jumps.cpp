#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);
void add(lp::inout<double> to, lp::in<double> from);

constexpr bool skip = true;
constexpr int kind = 1;

void halve_some(lp::Tiles<double, 1>& x) {
  for (int k = 3; k < x.rows(); ++k) {
    switch (kind) {
      case 1:
        halve(x(k));
        break;
      default:
        add(x(k), x(0));
    }
    if (skip) continue;
    halve(x(0));
  }
}

// Nothing behind the first return is read: x(-1) is no tile.
void halve_first(lp::Tiles<double, 1>& x) {
  if (skip) {
    if (kind == 2) {
      halve(x(-1));
    } else {
      halve(x(0));
      if (skip) return;
    }
    halve(x(-1));
    return;
  }
  halve(x(-1));
}

// clang-format off
// expect: lpc: 2 programs checked, 0 errors, 0 warnings
