#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_all(lp::Tiles<double, 1>& x, int width) {
  const std::size_t n = x.rows();
  for (unsigned k = 1; k - 1 < n; ++k) halve(x(k - 1));
  for (int k = -1; k < x.rows(); ++k)
    if (k >= 0 && k < n) halve(x(k));
  for (int i = 0; i < n; ++i)
    for (int j = std::max(i - width, 0); j < n; ++j) halve(x(j));
}

// clang-format off
// expect: lpc: 1 program checked, 0 errors, 0 warnings
