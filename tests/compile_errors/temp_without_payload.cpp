// A temporary's tiles hold a type that is no payload.
// expect: lambdapack: an array's element must be float, double, a std::complex of them, or a payload of your own with the members that lp::tile::Payload asks for
#include "lambdapack/dsl/dsl.hpp"

void program(lp::Out<double, 1> x) {
  auto S = lp::temp<int, 1>("S");
  x(0) = copy(S(0));
}
