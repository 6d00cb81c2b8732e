#include <lambdapack/lambdapack.hpp>

void forgotten(lp::In<double, 1> x, lp::Out<double, 1> y) {
  auto S = lp::temp<double, 1>("S");
  for (auto i : lp::range(x.extent(0))) S(i) = copy(x(i));
  for (auto i : lp::range(x.extent(0))) S(i) = copy(S(i));
}

// clang-format off
// expect: output_never_written.cpp:3:6: error: nothing ever writes the output y of forgotten when y.extent(0) > 0: for x.extent(0) = 0, y.extent(0) = 1 its tile y(0) is left out; write its tiles, or say what unwritten tiles hold with y.unwritten(lp::zero), or, in a function over lp::Tiles, take it as lp::Tiles<T>&, whose tiles hold something before [lp-E002]
// expect:     3 | void forgotten(lp::In<double, 1> x, lp::Out<double, 1> y) {
// expect:       |      ^~~~~~~~~
// expect: output_never_written.cpp:6:41: warning: S(i) at output_never_written.cpp:6 is written and not read when x.extent(0) > 0: for x.extent(0) = 1, y.extent(0) = 0 nothing reads what copy[i=0] writes to S(0); leave the statement out there, or read the tile [lp-W001]
// expect:     6 |   for (auto i : lp::range(x.extent(0))) S(i) = copy(S(i));
// expect:       |                                         ^~~~
// expect: 1 warning and 1 error generated.
// expect: lpc: lp-E002 is explained in docs/diagnostics/lp-E002.md
// expect: lpc: lp-W001 is explained in docs/diagnostics/lp-W001.md
// expect: lpc: 1 program checked, 1 error, 1 warning
