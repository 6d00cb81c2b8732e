// A kernel does not spell out its parameter types.
// expect: lambdapack: a kernel is a function or lambda whose parameter types are spelled out, such as lp::in<double>; name one instance of a template, and no auto parameters
#include "lambdapack/dsl/dsl.hpp"

const auto twice = lp::make_kernel("twice", [](auto tile) { tile(0, 0) *= 2; });
