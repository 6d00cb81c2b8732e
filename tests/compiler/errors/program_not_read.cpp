#include <lambdapack/lambdapack.hpp>

struct Scaler {
  void operator()(lp::InOut<double, 1> x) const { x(0) = scale(x(0), 2.0); }
  static void halved(lp::InOut<double, 1> x) { x(0) = scale(x(0), 0.5); }
};

void run_it() {
  const auto named = [](lp::InOut<double, 1> x) { x(0) = scale(x(0), 2.0); };
  lp::trace(named);
  lp::trace([](lp::InOut<double, 1> x) { x(0) = scale(x(0), 2.0); });
}

// clang-format off
// expect: program_not_read.cpp:4:8: warning: a program that is called on an object is not read; make it static, or a function of its own [lp-W103]
// expect:     4 |   void operator()(lp::InOut<double, 1> x) const { x(0) = scale(x(0), 2.0); }
// expect:       |        ^~~~~~~~
// expect: program_not_read.cpp:11:13: warning: a program without a name is not read; give the lambda one, as in const auto program = [](lp::InOut<double> A) { ... }; [lp-W103]
// expect:    11 |   lp::trace([](lp::InOut<double, 1> x) { x(0) = scale(x(0), 2.0); });
// expect:       |             ^
// expect: 2 warnings generated.
// expect: lpc: lp-W103 is explained in docs/diagnostics/lp-W103.md
// expect: lpc: 2 programs checked, 0 errors, 2 warnings
