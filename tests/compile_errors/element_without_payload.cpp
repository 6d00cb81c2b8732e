// An array's tiles hold a type that is no payload.
// expect: lambdapack: an array's element must be float, double, a std::complex of them, or a payload of your own with the members that lp::tile::Payload asks for
#include "lambdapack/dsl/dsl.hpp"

void program(lp::In<int, 1> x) { static_cast<void>(x); }
