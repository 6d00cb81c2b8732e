#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_some(lp::Tiles<double, 1>& x) {
  for (int a = 0; a < 2; ++a)
    for (int b = 0; b < 2; ++b)
      for (int c = 0; c < 2; ++c)
        for (int d = 0; d < 2; ++d)
          for (int e = 0; e < 2; ++e)
            for (int f = 0; f < 2; ++f)
              for (int g = 0; g < 2; ++g)
                for (int h = 0; h < 2; ++h)
                  for (int i = 0; i < 2; ++i)
                    if (x.rows() > 9) halve(x(a + b + c + d + e + f + g + h + i));
}

// clang-format off
// expect: plain_loops_too_deep.cpp:14:19: error: loops of a program nest at most 8 deep; take this one apart, or give an array one dimension less [lp-E008]
// expect:    14 |                   for (int i = 0; i < 2; ++i)
// expect:       |                   ^~~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E008 is explained in docs/diagnostics/lp-E008.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
