// A run of a small Cholesky with known times.
#pragma once

#include <memory>

#include "report/support.hpp"
#include "support/programs.hpp"

namespace report_tests {

/// potrf, trsm, syrk and gemm with names that a page must escape, and counts of 1e9 for all but
/// one.
inline void named_cholesky(lambdapack::InOut<double, 2> A) {
  using tile = lambdapack::inout<double>;
  using read = lambdapack::in<double>;
  static const auto billion = [](auto...) { return 1e9; };
  static const auto potrf = lambdapack::make_kernel("po<trf> & \"</script>\"", [](tile) {});
  static const auto trsm = lambdapack::make_kernel(
      "trsm", [](tile, read) {}, "", billion);
  static const auto syrk = lambdapack::make_kernel(
      "syrk", [](tile, read, read) {}, "", billion);
  const auto n = A.extent(0);
  for (auto k : lambdapack::range(n)) {
    A(k, k) = potrf(A(k, k));
    for (auto i : lambdapack::range(k + 1, n)) {
      A(i, k) = trsm(A(i, k), A(k, k));
      for (auto j : lambdapack::range(k + 1, i + 1)) A(i, j) = syrk(A(i, j), A(i, k), A(j, k));
    }
  }
}

/// The first six tasks for three tiles a side, on two workers in ten seconds: row by row who runs
/// what from when to when.
inline lambdapack::exec::Report hand_made() {
  const Case c = make_case(named_cholesky, {3, 3});
  lambdapack::exec::Report report;
  report.program = std::make_shared<const lambdapack::ir::Program>(c.program);
  report.graph = c.graph;
  report.tasks = 6;
  report.workers = 2;
  report.seconds = 10;
  report.events = {{{0, {0}}, 0, 1, 2, false, -1},        {{1, {0, 1}}, 0, 2, 4, false, 1e9},
                   {{1, {0, 2}}, 1, 3, 4, false, 1e9},    {{2, {0, 1, 1}}, 0, 5, 7, false, 1e9},
                   {{2, {0, 2, 1}}, 1, 6, 7, false, 1e9}, {{2, {0, 2, 2}}, 0, 7, 8, false, 1e9}};
  return report;
}

}  // namespace report_tests
