#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

struct Finish {
  lp::Tiles<double, 1>& x;
  ~Finish() { halve(x(0)); }
};

void halve_two(lp::Tiles<double, 1>& x) {
  const Finish end{x};
  halve(x(1));
}

// clang-format off
// expect: plain_destructor.cpp:11:3: error: the destructor of Finish runs where this object ends, which lpc does not follow; write what it does as a statement there, and leave the destructor out [lp-E115]
// expect:    11 |   const Finish end{x};
// expect:       |   ^~~~~~~~~~~~~~~~~~~
// expect: plain_destructor.cpp:7:3: note: the destructor is declared here
// expect:     7 |   ~Finish() { halve(x(0)); }
// expect:       |   ^
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
