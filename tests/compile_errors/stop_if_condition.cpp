// A loop is to end where a condition on indices holds.
// expect: lambdapack: lp::stop_if takes a tile of float or double, which ends the loop where its element (0, 0) is not 0, or of a payload of your own with a member bool stop() const
#include "lambdapack/dsl/dsl.hpp"

void program(lp::InOut<double, 1> x, lp::Integer steps) {
  for (auto t : lp::range(steps)) {
    x(0) = scale(x(0), 2.0);
    lp::stop_if(t > 3);
  }
}
