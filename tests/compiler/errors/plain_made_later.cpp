#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);
void scale_by(lp::inout<double> a, double factor);

int three() { return 3; }
extern const int later;
const int earlier = later + 1;
const int later = three();
const int latest = later + 1;

void f(lp::Tiles<double, 1>& x) {
  scale_by(x(0), latest);
  scale_by(x(0), earlier);
}

// clang-format off
// expect: plain_made_later.cpp:14:18: error: 'later' is initialised after 'earlier', which is made of it; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:    14 |   scale_by(x(0), earlier);
// expect:       |                  ^~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E111 is explained in docs/diagnostics/lp-E111.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
