#include <numbers>

#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);
void scale_by(lp::inout<double> a, double by);

struct Options {
  int width = 2;
  int height = width + 1;
  Options with(int w) const { return Options{w}; }
};
const Options standard;
constexpr double pi = std::numbers::pi;

// Right only where it is called with a constant.
void one_of(lp::Tiles<double, 1>& x, int which) {
  const int i = which == 0 ? 1 : 2;
  if (x.rows() > i) halve(x(i));
}

int count_down(int k) {
  int steps = 0;
  while (int left = k--) steps += left > 0 ? 1 : 0;
  return steps;
}

void f(lp::Tiles<double, 1>& x, lp::Tiles<double, 1>& y) {
  one_of(x, 0);
  one_of(x, 1);
  if (x.rows() < 9) return;
  for (lp::Tiles<double, 1>* p : {&x, &y})
    for (int i = 0; i < p->rows(); ++i) {
      if (i == 1) [[unlikely]]
        continue;
      scale_by((*p)(i), 2 * pi);
      continue;
    }
  halve(x(standard.height - 3));
  halve(x(Options{1}.height - 2));
  halve(x(standard.with(5).height - 6));
  halve(x(count_down(4) - 4));
  if (x.rows() > 10) {
    halve(x(8));
    return;
  } else {
    halve(x(7));
  }
}

// clang-format off
// expect: ok_plain_members_and_ends.cpp:18:17: remark: one_of is checked as a part of the programs that call it, since it is no program by itself: this condition on indices has no value while the program is read; an index is one expression for all sizes: take std::min or std::max of two, or choose between calls of kernels with if [lp-E111]
// expect:    18 |   const int i = which == 0 ? 1 : 2;
// expect:       |                 ^~~~~~~~~~
// expect: lpc: lp-E111 is explained in docs/diagnostics/lp-E111.md
// expect: lpc: 2 programs checked, 0 errors, 0 warnings
