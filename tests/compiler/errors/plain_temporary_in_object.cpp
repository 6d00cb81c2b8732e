#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);
void scale_by(lp::inout<double> a, double factor);

struct Workspace {
  lp::TempTiles<double, 1> a, b;
};
void halve_both(lp::Tiles<double, 1>& x, lp::Tiles<double, 1>&& w) {
  copy(w(0), x(0));
  copy(x(0), w(0));
}

void in_object(lp::Tiles<double, 1>& x) {
  Workspace w;
  copy(w.a(0), x(0));
}
void in_array(lp::Tiles<double, 1>& x) {
  lp::TempTiles<double, 1> w[2];
  copy(w[0](0), x(0));
}
void as_argument(lp::Tiles<double, 1>& x) { halve_both(x, lp::TempTiles<double, 1>()); }

// clang-format off
// expect: plain_temporary_in_object.cpp:6:8: error: lp::TempTiles are made here that are no variable by themselves; declare them as a local, as in lp::TempTiles<T, rank> W, and use that [lp-E115]
// expect:     6 | struct Workspace {
// expect:       |        ^~~~~~~~~
// expect: plain_temporary_in_object.cpp:15:13: note: in this call of 'Workspace'
// expect:    15 |   Workspace w;
// expect:       |             ^
// expect: plain_temporary_in_object.cpp:19:28: error: lp::TempTiles are made here that are no variable by themselves; declare them as a local, as in lp::TempTiles<T, rank> W, and use that [lp-E115]
// expect:    19 |   lp::TempTiles<double, 1> w[2];
// expect:       |                            ^
// expect: plain_temporary_in_object.cpp:22:59: error: lp::TempTiles are made here that are no variable by themselves; declare them as a local, as in lp::TempTiles<T, rank> W, and use that [lp-E115]
// expect:    22 | void as_argument(lp::Tiles<double, 1>& x) { halve_both(x, lp::TempTiles<double, 1>()); }
// expect:       |                                                           ^~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: 3 errors generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 4 programs checked, 3 errors, 0 warnings
