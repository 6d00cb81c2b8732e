#include <lambdapack/lambdapack.hpp>

void make(lp::out<double> a);
void halve(lp::inout<double> a);

int behind(int i) {
  i += 2;
  return i - 1;
}

void make_all(lp::OutTiles<double, 1>& x, bool again) {
  for (int i = -1; i + 1 < x.rows(); ++i) make(x(behind(i)));
  if (!again) return;
  if (again && x.rows() > 1) halve(x(1));
  for (int i = 0; i < x.rows(); ++i)
    if (again) halve(x(i));
}

// clang-format off
// expect: lpc: 1 program checked, 0 errors, 0 warnings
