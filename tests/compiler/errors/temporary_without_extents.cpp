#include <lambdapack/lambdapack.hpp>

void scaled(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0))) x(i) = scale(x(i), 0.5);
}

void through_temporary(lp::In<double, 1> x, lp::Out<double, 1> y) {
  auto S = lp::temp<double, 1>("S");
  for (auto i : lp::range(x.extent(0))) S(i) = copy(x(i));
  scaled(S);
  for (auto i : lp::range(x.extent(0))) y(i) = copy(S(i));
}

// clang-format off
// expect: temporary_without_extents.cpp:10:10: error: this hands the temporary S to a program, which may ask for its extents; declare it with them, lp::temp<T, rank>("S", lp::extents(n, m)) [lp-E008]
// expect:    10 |   scaled(S);
// expect:       |          ^
// expect: 1 error generated.
// expect: lpc: lp-E008 is explained in docs/diagnostics/lp-E008.md
// expect: lpc: 2 programs checked, 1 error, 0 warnings
