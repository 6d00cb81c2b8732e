#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);
void scale_by(lp::inout<double> a, double factor);
void make(lp::out<double> a);

// lpc says that y is not made in full if a call in such a branch is lost.
void in_loop(lp::OutTiles<double, 1>& y) {
  for (int i = 0; i < y.rows(); ++i) {
    if (i == 0) [[unlikely]] {
      make(y(i));
      continue;
    }
    make(y(i));
  }
}
void make_first(lp::OutTiles<double, 1>& y, int i) {
  if (i > 1) [[likely]] {
    make(y(i));
    return;
  }
  make(y(i));
}
void in_function(lp::OutTiles<double, 1>& y) {
  for (int i = 0; i < y.rows(); ++i) make_first(y, i);
}
template <int n>
void known(lp::OutTiles<double, 1>& y) {
  for (int i = 0; i < y.rows(); ++i) {
    if (n > 1) [[likely]] {
      make(y(i));
      continue;
    }
    make(y(i));
  }
}
template void known<1>(lp::OutTiles<double, 1>&);
template void known<2>(lp::OutTiles<double, 1>&);

// clang-format off
// expect: ok_plain_attributed_jumps.cpp:17:6: remark: make_first is checked as a part of the programs that call it, since it is no program by itself: the output y, written at ok_plain_attributed_jumps.cpp:19, is not written in full when i > 0: for y.extent(0) = 2, i = 1 nothing writes y(0); write the tile, or say what unwritten tiles hold with y.unwritten(lp::zero), or, in a function over lp::Tiles, take it as lp::Tiles<T>&, whose tiles hold something before [lp-E003]
// expect:    17 | void make_first(lp::OutTiles<double, 1>& y, int i) {
// expect:       |      ^~~~~~~~~~
// expect: lpc: lp-E003 is explained in docs/diagnostics/lp-E003.md
// expect: lpc: 5 programs checked, 0 errors, 0 warnings
