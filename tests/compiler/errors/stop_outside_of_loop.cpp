#include <lambdapack/lambdapack.hpp>

void stopped(lp::InOut<double, 1> x) {
  x(0) = scale(x(0), 0.5);
  lp::stop_if(x(0));
}

// clang-format off
// expect: stop_outside_of_loop.cpp:5:3: error: the lp::stop_if is in no loop; write it in the loop over steps that it ends [lp-E114]
// expect:     5 |   lp::stop_if(x(0));
// expect:       |   ^~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E114 is explained in docs/diagnostics/lp-E114.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
