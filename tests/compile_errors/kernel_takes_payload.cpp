// A kernel takes a tile's payload without saying what it does to it.
// expect: lambdapack: a kernel's parameter must be lp::in<T>, lp::out<T>, lp::inout<T>, lp::in_list<T> or a scalar by value
#include "lambdapack/dsl/dsl.hpp"

const auto twice = lp::make_kernel("twice", [](lp::tile::Dense<double>&) {});
