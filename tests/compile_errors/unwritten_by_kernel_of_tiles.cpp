// The kernel that makes unwritten tiles reads one.
// expect: lambdapack: a kernel that makes unwritten tiles has one parameter, an lp::out of the array's element type, and no other
#include "lambdapack/dsl/dsl.hpp"

const auto twice = lp::make_kernel("twice", [](lp::out<double>, lp::in<double>) {});

void program(lp::Out<double, 1> x) {
  auto S = lp::temp<double, 1>("S", twice);
  x(0) = copy(S(0));
}
