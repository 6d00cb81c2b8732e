#include <lambdapack/lambdapack.hpp>

void triangle(lp::InOut<double, 2> A) {
  for (auto i : lp::range(A.extent(0)))
    for (auto j : lp::range(A.extent(1))) {
      if (auto below = lp::when(j < i))
        A(i, j) = scale(A(i, j), 2.0);
      else
        A(i, j) = scale(A(i, j), 0.5);
    }
}

// clang-format off
// expect: else_of_guard.cpp:8:7: error: the else of a guard never runs, since a guard is true while a program is traced; write a second guard with the opposite condition, if (auto otherwise = lp::when(!(...))) [lp-E107]
// expect:     8 |       else
// expect:       |       ^~~~
// expect:       |       if (auto otherwise = lp::when(!(j < i)))
// expect: 1 error generated.
// expect: lpc: lp-E107 is explained in docs/diagnostics/lp-E107.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
