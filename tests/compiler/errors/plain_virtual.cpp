#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

struct Place {
  virtual int at() const { return 0; }
};
struct Second : Place {
  int at() const override { return 1; }
};

int where(const Place& place) { return place.at(); }
void halve_second(lp::Tiles<double, 1>& x) {
  if (x.rows() > 1) halve(x(where(Second{})));
}
