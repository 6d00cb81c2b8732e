#include <lambdapack/lambdapack.hpp>

void first_two(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0)))
    for (int half = 0; half < 2; ++half) {
      x(i) = scale(x(i), 0.5);
      if (half == 1) return;
    }
}

// clang-format off
// expect: return_in_loop.cpp:7:22: error: a program may not return out of a loop over lp::range or a guard, whose text stands for many runs; let it run to its end, and choose statements with if (auto x = lp::when(condition)) [lp-E109]
// expect:     7 |       if (half == 1) return;
// expect:       |                      ^~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E109 is explained in docs/diagnostics/lp-E109.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
