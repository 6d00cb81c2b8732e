#include <lambdapack/lambdapack.hpp>

void stopped(lp::InOut<double, 1> x) {
  for (auto t : lp::range(10)) {
    x(0) = scale(x(0), 0.5);
    lp::stop_if(x(0));
    lp::stop_if(x(1));
  }
}

// clang-format off
// expect: stop_twice.cpp:7:5: error: the lp::stop_if is the second one of its loop; let one flag say all [lp-E114]
// expect:     7 |     lp::stop_if(x(1));
// expect:       |     ^~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E114 is explained in docs/diagnostics/lp-E114.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
