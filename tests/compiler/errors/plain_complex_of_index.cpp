#include <complex>

#include <lambdapack/lambdapack.hpp>

void add_to(lp::inout<std::complex<double>> a, std::complex<double> c);

void f(lp::Tiles<std::complex<double>, 1>& x) {
  for (int i = 0; i < x.rows(); ++i) add_to(x(i), std::complex<double>(i, 1));
}

// clang-format off
// expect: plain_complex_of_index.cpp:8:72: error: this computes a complex number from an index, which has no value while the program is read; hand the index to the kernel, and compute there [lp-E115]
// expect:     8 |   for (int i = 0; i < x.rows(); ++i) add_to(x(i), std::complex<double>(i, 1));
// expect:       |                                                                        ^
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
