#include <lambdapack/lambdapack.hpp>

void first_only(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0))) {
    x(i) = scale(x(i), 0.5);
    break;
  }
}

// clang-format off
// expect: break_out_of_loop.cpp:6:5: error: a program may not break out of a loop over lp::range or a guard, whose text stands for many runs; let it run to its end, and choose statements with if (auto x = lp::when(condition)) [lp-E109]
// expect:     6 |     break;
// expect:       |     ^~~~~
// expect: 1 error generated.
// expect: lpc: lp-E109 is explained in docs/diagnostics/lp-E109.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
