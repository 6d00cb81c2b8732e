// A user's program whose task graph comes from a header, through a definition of CMake's.
#include "sums.hpp"

#include <cstdint>
#include <cstdio>

#ifndef SUMS_OF
#error "the definitions of the target do not arrive"
#endif

double difference(double a, double b);

namespace {

using Tile = lp::payload_of_t<double>;

double sum_of_squares(std::int64_t n) {
  lp::TileArray<double> x({n}), sum(std::vector<std::int64_t>{});
  for (std::int64_t i = 0; i < n; ++i) {
    x(i) = Tile(1, 1);
    x(i)(0, 0) = static_cast<double>(i * i);
  }
  sum() = Tile(1, 1);
  lp::run(lp::threads{2}, sum_by_tree, x, sum);
  return sum()(0, 0);
}

}  // namespace

int main() {
  for (const std::int64_t n : {1, 2, 13, 100})
    if (sum_of_squares(n) != static_cast<double>((n - 1) * n * (2 * n - 1) / 6)) {
      std::fprintf(stderr, "wrong: the sum of %s of %d numbers\n", SUMS_OF, static_cast<int>(n));
      return 1;
    }
  return difference(5, 3) == 2 ? 0 : 1;
}
