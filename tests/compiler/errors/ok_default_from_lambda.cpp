#include <lambdapack/lambdapack.hpp>

int three() { return 3; }
void halve_fourth(
    lp::InOut<double, 1> y, int k = [] { return three(); }()) {
  y(k) = scale(y(k), 0.5);
}

// clang-format off
// expect: lpc: 1 program checked, 0 errors, 0 warnings
