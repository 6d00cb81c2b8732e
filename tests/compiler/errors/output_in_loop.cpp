#include <iostream>
#include <lambdapack/lambdapack.hpp>

void talkative(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0))) {
    x(i) = scale(x(i), 0.5);
    std::cout << "scaled a tile\n";
  }
}

// clang-format off
// expect: output_in_loop.cpp:7:5: error: a program may not print: its text is read once, not run for each task; let a kernel print, or look at the report of a run [lp-E103]
// expect:     7 |     std::cout << "scaled a tile\n";
// expect:       |     ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E103 is explained in docs/diagnostics/lp-E103.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
