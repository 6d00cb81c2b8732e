#include <cstdint>
#include <lambdapack/lambdapack.hpp>

void f(lp::Tiles<double, 1>& x) {
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(x.rows()); ++i)
    if (i < 10'000'000'000'000'000'000u) scale(x(i), 0.5);
}

// clang-format off
// expect: plain_number_too_large.cpp:6:13: error: the number 10000000000000000000 is too large for an index, which has 64 bits and a sign; use a smaller one [lp-E011]
// expect:     6 |     if (i < 10'000'000'000'000'000'000u) scale(x(i), 0.5);
// expect:       |             ^~~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E011 is explained in docs/diagnostics/lp-E011.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
