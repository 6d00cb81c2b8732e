#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_all(lp::Tiles<double, 1>& x) {
  for (int i = 0; i < x.rows(); ++i) halve(x((char)i));
  for (int i = 0; i < x.rows(); ++i) {
    const short j = i;
    halve(x(j));
  }
  for (int i = 0; i < x.rows(); ++i) halve(x(static_cast<int>(static_cast<float>(i))));
}

// clang-format off
// expect: plain_narrow_cast.cpp:6:52: error: this index is made a char, which is smaller than an int and does not hold all indices; use int or std::int64_t [lp-E115]
// expect:     6 |   for (int i = 0; i < x.rows(); ++i) halve(x((char)i));
// expect:       |                                                    ^
// expect: plain_narrow_cast.cpp:8:21: error: this index is made a short, which is smaller than an int and does not hold all indices; use int or std::int64_t [lp-E115]
// expect:     8 |     const short j = i;
// expect:       |                     ^
// expect: plain_narrow_cast.cpp:11:63: error: this is an index that was made a number with a fraction, and may have been rounded; keep it an integer [lp-E115]
// expect:    11 |   for (int i = 0; i < x.rows(); ++i) halve(x(static_cast<int>(static_cast<float>(i))));
// expect:       |                                                               ^~~~~~~~~~~~~~~~~~~~~
// expect: 3 errors generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 3 errors, 0 warnings
