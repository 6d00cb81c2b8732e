#include <lambdapack/lambdapack.hpp>

void f(lp::Tiles<double, 1>& x) {
  for (int j = x.rows() - 1; static_cast<unsigned>(j) >= 0U; --j) scale(x(j), 0.5);
}

// clang-format off
// expect: plain_unsigned_at_end.cpp:4:52: error: this may be below 0, where an unsigned integer becomes a very large one; use int [lp-E120]
// expect:     4 |   for (int j = x.rows() - 1; static_cast<unsigned>(j) >= 0U; --j) scale(x(j), 0.5);
// expect:       |                                                    ^
// expect: 1 error generated.
// expect: lpc: lp-E120 is explained in docs/diagnostics/lp-E120.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
