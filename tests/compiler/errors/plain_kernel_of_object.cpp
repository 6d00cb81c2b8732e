#include <lambdapack/lambdapack.hpp>

struct Times {
  double factor;
  void operator()(lp::inout<double> a) const { a(0, 0) *= factor; }
};
const Times twice{2};

void double_first(lp::Tiles<double, 1>& x) {
  if (x.rows() > 0) twice(x(0));
}

// clang-format off
// expect: plain_kernel_of_object.cpp:10:21: error: this kernel is a member of an object, whose values generated code would not know; make it a function, or a lambda in a variable of a namespace [lp-E115]
// expect:    10 |   if (x.rows() > 0) twice(x(0));
// expect:       |                     ^~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
