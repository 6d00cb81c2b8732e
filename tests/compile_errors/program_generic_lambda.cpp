// A program does not spell out its parameter types.
// expect: lambdapack: a program is a function or lambda that returns void and whose parameter types are spelled out; write cholesky<double>, not cholesky, and no auto parameters
#include "lambdapack/dsl/dsl.hpp"

const auto traced = lp::trace([](auto x) { x(0) = scale(x(0), 2.0); });
