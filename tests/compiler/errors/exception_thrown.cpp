#include <stdexcept>
#include <lambdapack/lambdapack.hpp>

void careful(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0))) {
    x(i) = scale(x(i), 0.5);
    throw std::runtime_error("not here");
  }
}

// clang-format off
// expect: exception_thrown.cpp:7:5: error: a program may not throw: its text is read, not run; let a kernel throw, which ends the run with the name of its task [lp-E103]
// expect:     7 |     throw std::runtime_error("not here");
// expect:       |     ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E103 is explained in docs/diagnostics/lp-E103.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
