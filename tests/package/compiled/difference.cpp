// A second source of a target, with programs of its own, one of them in a header of the first.
#include "sums.hpp"

#include <cstdint>

#ifndef DIFFERENCE_OF
#error "the options of the source do not arrive"
#endif

double difference(double a, double b);

namespace {

void subtract_tiles(lp::In<double, 1> x, lp::Out<double, 0> d) {
  static const auto subtract =
      lp::make_kernel("subtract", [](lp::out<double> c, lp::in<double> a, lp::in<double> b) {
        c.resize(1, 1);
        c(0, 0) = a(0, 0) - b(0, 0);
      });
  d() = subtract(x(0), x(1));
}

}  // namespace

double difference(double a, double b) {
  lp::TileArray<double> x({2}), d(std::vector<std::int64_t>{});
  for (const int k : {0, 1}) {
    x(k) = lp::payload_of_t<double>(1, 1);
    x(k)(0, 0) = k == 0 ? a : b;
  }
  d() = lp::payload_of_t<double>(1, 1);
  lp::run(lp::sequential{}, subtract_tiles, x, d);
  return d()(0, 0);
}
