#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

template <class T>
struct Halves {
  static void all(lp::Tiles<T, 1>& x) {
    for (int k = 0; k < x.rows(); ++k) halve(x(k));
  }
};
template struct Halves<double>;

// clang-format off
// expect: lpc: 1 program checked, 0 errors, 0 warnings
