#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);
void twice(lp::inout<double> a);

void halve_or_twice(lp::Tiles<double, 1>& x) {
  for (int i = 0; i < x.rows(); ++i) i == 0 ? halve(x(i)) : twice(x(i));
}

// clang-format off
// expect: plain_choice_of_calls.cpp:7:38: error: this condition on indices has no value while the program is read; choose between calls of kernels with if; what must hold of sizes in all cases is asserted before the function is called [lp-E111]
// expect:     7 |   for (int i = 0; i < x.rows(); ++i) i == 0 ? halve(x(i)) : twice(x(i));
// expect:       |                                      ^~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E111 is explained in docs/diagnostics/lp-E111.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
