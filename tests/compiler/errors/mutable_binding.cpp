#include <lambdapack/lambdapack.hpp>
#include <utility>

void halve_second(lp::InOut<double, 1> x) {
  auto [first, second] = std::pair(0, 1);
  first = second;
  x(first) = scale(x(first), 0.5);
}

// clang-format off
// expect: mutable_binding.cpp:6:3: error: a program may not change 'first': of what its text names only the counters of loops change; give each value a const name of its own, or compute it in a function of numbers alone [lp-E105]
// expect:     6 |   first = second;
// expect:       |   ^~~~~~~~~~~~~~
// expect: mutable_binding.cpp:5:9: note: 'first' is declared here
// expect:     5 |   auto [first, second] = std::pair(0, 1);
// expect:       |         ^~~~~
// expect: 1 error generated.
// expect: lpc: lp-E105 is explained in docs/diagnostics/lp-E105.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
