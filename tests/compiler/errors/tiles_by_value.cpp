#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a) { a(0, 0) /= 2; }

void all_halved(lp::Tiles<double> A) {
  for (int i = 0; i < A.rows(); ++i) halve(A(i, i));
}

// clang-format off
// expect: tiles_by_value.cpp:5:17: error: this array is passed by value, and cannot be copied; take it by reference: lp::Tiles<double>& A [lp-E115]
// expect:     5 | void all_halved(lp::Tiles<double> A) {
// expect:       |                 ^~~~~~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
