// What the programs of the library count against what LAPACK's operations cost.
#include <catch2/catch.hpp>
#include <complex>
#include <cstdint>

#include "lambdapack/algorithm/cholesky.hpp"
#include "lambdapack/algorithm/gemm.hpp"
#include "lambdapack/algorithm/lu.hpp"
#include "lambdapack/algorithm/syrk.hpp"
#include "lambdapack/algorithm/trsm.hpp"
#include "lambdapack/ir/print.hpp"

namespace operations_test {

namespace lp = lambdapack;

namespace {

template <class T>
lp::TiledMatrix<T> dominant(std::int64_t n) {
  lp::TiledMatrix<T> A(n, n, n / 8);
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j < n; ++j)
      A(i, j) = T(static_cast<lp::real_t<T>>(i == j ? 2 * n : 1));
  return A;
}

double operations(const lp::exec::Report& report) {
  double sum = 0;
  for (const lp::exec::Event& e : report.events) {
    INFO(lp::ir::node_name(*report.program, e.node.line, e.node.indices));
    CHECK(e.operations > 0);
    sum += e.operations;
  }
  return sum;
}

}  // namespace

TEMPLATE_TEST_CASE("the operations of a program's tasks add up to LAPACK's", "", double,
                   std::complex<float>) {
  using T = TestType;
  constexpr std::int64_t n = 128;
  const double cube = (std::is_same_v<T, double> ? 1.0 : 4.0) * n * n * n;
  const lp::threads how{.workers = 2, .record_events = true};
  lp::TiledMatrix<T> A = dominant<T>(n), B = dominant<T>(n), C = dominant<T>(n);
  CHECK(operations(lp::gemm(A, B, C, {}, how)) == Approx(2 * cube));
  CHECK(operations(lp::syrk(A, C, {.op = lp::Op::transpose}, how)) == Approx(cube).epsilon(0.01));
  CHECK(operations(lp::trsm(A, B, {}, how)) == Approx(cube));
  CHECK(operations(lp::trsm(A, B, {.side = lp::Side::right}, how)) == Approx(cube));
  CHECK(operations(lp::cholesky(A, how)) == Approx(cube / 3).epsilon(0.02));
  CHECK(operations(lp::cholesky_solve(A, B, how)) == Approx(2 * cube));
}

TEST_CASE("the operations of LU add up to LAPACK's, exchanges and copies have none") {
  constexpr std::int64_t n = 128;
  lp::TiledMatrix<double> A = dominant<double>(n);
  lp::TileArray<lp::Pivots> pivots({8});
  const lp::exec::Report report = lp::run(lp::threads{.workers = 2, .record_events = true},
                                          lp::algorithm::lu<double>, A, pivots);
  double sum = 0;
  for (const lp::exec::Event& e : report.events) sum += e.operations > 0 ? e.operations : 0;
  CHECK(sum == Approx(2.0 * n * n * n / 3).epsilon(0.01));
}

}  // namespace operations_test
