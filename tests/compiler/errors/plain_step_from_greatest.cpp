#include <algorithm>
#include <lambdapack/lambdapack.hpp>

void f(lp::Tiles<double, 1>& x, int width) {
  for (int i = std::max(0, x.rows() - width); i < x.rows(); i += 2) scale(x(i), 0.5);
}

// clang-format off
// expect: plain_step_from_greatest.cpp:5:16: error: a loop up by 1 may begin at a std::max, and one down by 1 at a std::min; choose with if around other loops [lp-E115]
// expect:     5 |   for (int i = std::max(0, x.rows() - width); i < x.rows(); i += 2) scale(x(i), 0.5);
// expect:       |                ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
