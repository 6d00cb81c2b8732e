#include <source_location>

#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);
void scale_by(lp::inout<double> a, double factor);

int line(std::source_location at = std::source_location::current()) {
  return static_cast<int>(at.line());
}
struct Placed {
  int line = __builtin_LINE();
};

void f(lp::Tiles<double, 1>& x) {
  for (int i = 0; i < x.rows(); ++i) scale_by(x(i), line());
  const Placed here{};
  scale_by(x(0), here.line);
}

// clang-format off
// expect: plain_place_in_source.cpp:16:53: error: a default argument tells here where in the source this call stands, which is not known while the program is read; hand the argument over [lp-E111]
// expect:    16 |   for (int i = 0; i < x.rows(); ++i) scale_by(x(i), line());
// expect:       |                                                     ^~~~
// expect: plain_place_in_source.cpp:17:21: error: 'line' is made of the place in the source where the object is made, which is not known while the program is read; hand a number over [lp-E111]
// expect:    17 |   const Placed here{};
// expect:       |                     ^
// expect: 2 errors generated.
// expect: lpc: lp-E111 is explained in docs/diagnostics/lp-E111.md
// expect: lpc: 1 program checked, 2 errors, 0 warnings
