#include <lambdapack/lambdapack.hpp>

void f(lp::Tiles<double, 1>& x) {
  const std::size_t n = x.rows();
  for (int i = 0; i < x.rows(); ++i)
    for (int j = i - 1; j < n; ++j)
      if (j >= 0) scale(x(j), 0.5);
}

// clang-format off
// expect: plain_unsigned_bound.cpp:6:25: error: this may be below 0, where an unsigned integer becomes a very large one; use int [lp-E120]
// expect:     6 |     for (int j = i - 1; j < n; ++j)
// expect:       |                         ^
// expect: 1 error generated.
// expect: lpc: lp-E120 is explained in docs/diagnostics/lp-E120.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
