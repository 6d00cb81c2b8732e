#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

template <class Tile>
void halve_twice(lp::Tiles<double, 1>&, Tile&& tile) {
  halve(tile);
  halve(tile);
}

void quarter_first(lp::Tiles<double, 1>& x) {
  if (x.rows() > 0) halve_twice(x, x(0));
}
