#include <lambdapack/lambdapack.hpp>

void make(lp::out<double> a);

int behind(int i) {
  int result = i;
  ++result;
  ++result;
  result += 3;
  result--;
  return result - 3;
}

void make_all(lp::OutTiles<double, 1>& x) {
  for (int i = -1; i + 1 < x.rows(); ++i) make(x(behind(i)));
}

// clang-format off
// expect: lpc: 1 program checked, 0 errors, 0 warnings
