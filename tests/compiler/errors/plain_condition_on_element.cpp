#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

void halve_positive(lp::Tiles<double>& A, const lp::Tiles<double>& B) {
  for (int k = 0; k < A.rows(); ++k) {
    if (A(k, k)(0, 0) > 0) halve(A(k, k));
    if (B(k, k)(0, 0) > 0) halve(A(k, k));
    if (A(k, k).rows() > 1) halve(A(k, k));
  }
}

// clang-format off
// expect: plain_condition_on_element.cpp:7:9: error: what a tile holds is not known before tasks run, and which of them run cannot depend on it; look at it in a kernel, and end loops early in the language, with lp::stop_if [lp-E111]
// expect:     7 |     if (A(k, k)(0, 0) > 0) halve(A(k, k));
// expect:       |         ^~~~~~~~~~~~~
// expect: plain_condition_on_element.cpp:8:9: error: what a tile holds is not known before tasks run, and which of them run cannot depend on it; look at it in a kernel, and end loops early in the language, with lp::stop_if [lp-E111]
// expect:     8 |     if (B(k, k)(0, 0) > 0) halve(A(k, k));
// expect:       |         ^~~~~~~~~~~~~
// expect: plain_condition_on_element.cpp:9:9: error: what a tile holds is not known before tasks run, and which of them run cannot depend on it; look at it in a kernel, and end loops early in the language, with lp::stop_if [lp-E111]
// expect:     9 |     if (A(k, k).rows() > 1) halve(A(k, k));
// expect:       |         ^~~~~~~~~~~~~~
// expect: 3 errors generated.
// expect: lpc: lp-E111 is explained in docs/diagnostics/lp-E111.md
// expect: lpc: 1 program checked, 3 errors, 0 warnings
