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

// clang-format off
// expect: lpc: 1 program checked, 0 errors, 0 warnings
