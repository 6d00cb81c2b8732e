#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

struct Box {
  virtual ~Box() = default;
  int index = 0;
};
struct Small final : Box {};

void halve_boxed(lp::Tiles<double, 1>& x) {
  const Small box;
  const Box& base = box;
  halve(x(dynamic_cast<const Small&>(base).index));
}

// clang-format off
// expect: plain_dynamic_cast.cpp:14:11: error: a program may not contain a dynamic_cast; write index expressions, tiles and kernel calls [lp-E115]
// expect:    14 |   halve(x(dynamic_cast<const Small&>(base).index));
// expect:       |           ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
