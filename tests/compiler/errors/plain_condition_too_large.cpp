#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_some(lp::Tiles<double, 1>& x, int i, int j) {
  if (x.rows() > 0 && (i == 0 || j == 1) && (i == 1 || j == 2) && (i == 2 || j == 3) &&
      (i == 3 || j == 4) && (i == 4 || j == 5) && (i == 5 || j == 6) && (i == 6 || j == 7) &&
      (i == 7 || j == 8) && (i == 8 || j == 9) && (i == 9 || j == 10))
    halve(x(0));
}
