#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_all(lp::Tiles<double, 1>& x, int n) {
  for (int i = 0; i != x.rows(); ++i) halve(x(i));
  for (unsigned i = x.rows(); i > 0; --i) halve(x(i - 1));
  for (std::int64_t i = x.rows() - 1; i >= 0; --i) halve(x(static_cast<int>(i)));
  if (n < 1 || n > x.rows()) return;
  for (int i = 1; i != n; ++i) halve(x(i));
}

// clang-format off
// expect: lpc: 1 program checked, 0 errors, 0 warnings
