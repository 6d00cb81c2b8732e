#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);
void scale_by(lp::inout<double> a, double factor);

int three() { return 3; }
extern const int later;
const int earlier = later + 1;
const int later = three();
const int latest = later + 1;

extern const int last;
const int& named = last;
const int made_by_name = named + 1;
int first_call() {
  static const int kept = last;
  return kept;
}
const int made_by_call = first_call();
const int last = three();

void f(lp::Tiles<double, 1>& x) {
  scale_by(x(0), latest);
  scale_by(x(0), earlier);
}
void g(lp::Tiles<double, 1>& x) { scale_by(x(named), made_by_name); }
void h(lp::Tiles<double, 1>& x) { scale_by(x(0), first_call()); }

// clang-format off
// expect: plain_made_later.cpp:24:18: error: 'later' is initialised after 'earlier', which is made of it; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:    24 |   scale_by(x(0), earlier);
// expect:       |                  ^~~~~~~
// expect: plain_made_later.cpp:26:54: error: 'named' may name what is initialised after 'made_by_name', which is made of it; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:    26 | void g(lp::Tiles<double, 1>& x) { scale_by(x(named), made_by_name); }
// expect:       |                                                      ^~~~~~~~~~~~
// expect: plain_made_later.cpp:27:50: error: 'kept' may be initialised before 'last', which it is made of; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:    27 | void h(lp::Tiles<double, 1>& x) { scale_by(x(0), first_call()); }
// expect:       |                                                  ^~~~~~~~~~~~
// expect: 3 errors generated.
// expect: lpc: lp-E111 is explained in docs/diagnostics/lp-E111.md
// expect: lpc: 3 programs checked, 3 errors, 0 warnings
