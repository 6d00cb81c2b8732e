#include <lambdapack/lambdapack.hpp>

template <class T>
void scaled(lp::InOut<T, 1> x) {
  for (auto i : lp::range(x.extent(0))) x(i) = scale(x(i), 0.5);
}

// clang-format off
// expect: template_not_instantiated.cpp:4:6: warning: the program scaled is a template that this file makes nothing of, so it is not read; instantiate it, as in template void scaled<double>(lp::InOut<double, 1>); [lp-W101]
// expect:     4 | void scaled(lp::InOut<T, 1> x) {
// expect:       |      ^~~~~~
// expect: 1 warning generated.
// expect: lpc: lp-W101 is explained in docs/diagnostics/lp-W101.md
// expect: lpc: 0 programs checked, 0 errors, 1 warning
