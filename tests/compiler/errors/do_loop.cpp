#include <lambdapack/lambdapack.hpp>

void once_at_least(lp::InOut<double, 1> x) {
  do {
    x(0) = scale(x(0), 0.5);
  } while (false);
}

// clang-format off
// expect: do_loop.cpp:4:3: error: a program may not loop with do, since its text is read once for all sizes; write for (auto i : lp::range(n)), and lp::stop_if where a tile ends the loop early [lp-E101]
// expect:     4 |   do {
// expect:       |   ^~
// expect: 1 error generated.
// expect: lpc: lp-E101 is explained in docs/diagnostics/lp-E101.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
