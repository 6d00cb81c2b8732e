#include <lambdapack/lambdapack.hpp>

const auto exchange = lp::make_kernel("exchange", [](lp::inout<double>, lp::inout<double>) {});

void swap_ends(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0)))
    lp::tie(x(i), x(x.extent(0) - 1 - i)) = exchange(x(i), x(x.extent(0) - 1 - i));
}
