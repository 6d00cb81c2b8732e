#include <lambdapack/lambdapack.hpp>

void deep(lp::InOut<double, 1> x) {
  for (auto a : lp::range(2))
    for (auto b : lp::range(2))
      for (auto c : lp::range(2))
        for (auto d : lp::range(2))
          for (auto e : lp::range(2))
            for (auto f : lp::range(2))
              for (auto g : lp::range(2))
                for (auto h : lp::range(2))
                  for (auto i : lp::range(2))
                    x(a + b + c + d + e + f + g + h + i) =
                        scale(x(a + b + c + d + e + f + g + h + i), 0.5);
}

// clang-format off
// expect: loops_too_deep.cpp:12:19: error: loops of a program nest at most 8 deep; take this one apart, or give an array one dimension less [lp-E008]
// expect:    12 |                   for (auto i : lp::range(2))
// expect:       |                   ^~~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E008 is explained in docs/diagnostics/lp-E008.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
