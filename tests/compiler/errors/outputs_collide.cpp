#include <lambdapack/lambdapack.hpp>

const auto exchange = lp::make_kernel("exchange", [](lp::inout<double>, lp::inout<double>) {});

void swap_ends(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0)))
    lp::tie(x(i), x(x.extent(0) - 1 - i)) = exchange(x(i), x(x.extent(0) - 1 - i));
}

// clang-format off
// expect: outputs_collide.cpp:7:19: error: outputs 0 and 1 of the statement at outputs_collide.cpp:7 write the same tile when (1 + x.extent(0)) mod 2 = 0: for x.extent(0) = 1 in exchange[i=0]; give each output a tile of its own [lp-E005]
// expect:     7 |     lp::tie(x(i), x(x.extent(0) - 1 - i)) = exchange(x(i), x(x.extent(0) - 1 - i));
// expect:       |                   ^~~~~~~~~~~~~~~~~~~~~~
// expect: outputs_collide.cpp:7:13: note: the other output is here
// expect:     7 |     lp::tie(x(i), x(x.extent(0) - 1 - i)) = exchange(x(i), x(x.extent(0) - 1 - i));
// expect:       |             ^~~~
// expect: 1 error generated.
// expect: lpc: lp-E005 is explained in docs/diagnostics/lp-E005.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
