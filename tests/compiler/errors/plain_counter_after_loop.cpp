#include <lambdapack/lambdapack.hpp>

void f(lp::Tiles<double, 1>& x) {
  const int n = x.rows() - 1;
  if (n < 0) return;
  int k = 0;
  const auto all = [&] {
    for (k = 0; k < n; ++k) scale(x(k), 0.5);
  };
  all();
  scale(x(k), 0.5);
}

// clang-format off
// expect: plain_counter_after_loop.cpp:11:11: error: 'k' counts a loop that has ended, so it has no value here; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:    11 |   scale(x(k), 0.5);
// expect:       |           ^
// expect: 1 error generated.
// expect: lpc: lp-E111 is explained in docs/diagnostics/lp-E111.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
