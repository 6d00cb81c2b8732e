#include <lambdapack/lambdapack.hpp>
#include <string>

void keep(lp::InOut<double, 1> x) {
  for (int level = 0; level < 2; ++level) {
    const auto kept = lp::temp<double, 1>("T" + std::to_string(level));
    for (auto i : lp::range(x.extent(0))) {
      kept(i) = copy(x(i));
      x(i) = add(kept(i), kept(i));
    }
  }
}

// clang-format off
// expect: lpc: 1 program checked, 0 errors, 0 warnings
