#include <lambdapack/lambdapack.hpp>

void stopped(lp::InOut<double, 1> x) {
  for (auto t : lp::range(10)) {
    x(0) = scale(x(0), 0.5);
    if (auto late = lp::when(t > 3)) lp::stop_if(x(0));
  }
}

// clang-format off
// expect: stop_in_guard.cpp:6:38: error: the lp::stop_if is in a guard, and in steps that the guard leaves out nothing would tell whether the loop has ended; write it in the loop itself, and let the flag's kernel decide [lp-E114]
// expect:     6 |     if (auto late = lp::when(t > 3)) lp::stop_if(x(0));
// expect:       |                                      ^~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E114 is explained in docs/diagnostics/lp-E114.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
