// The memory of a run: what it held at most, and what the analyser says it would.
#include <catch2/catch.hpp>

#include <cstdint>
#include <vector>

#include <lambdapack/graph/measure.hpp>
#include <lambdapack/lambdapack.hpp>

#include "support/algorithms.hpp"

namespace held_test {

namespace {

void copy_shape(lp::out<double> to, lp::in<double> from) {
  to.resize(from.rows(), from.cols());
  for (std::int64_t k = 0; k < from.rows() * from.cols(); ++k) to.data()[k] = from.data()[k];
}
const auto same = lp::make_kernel("same", copy_shape);
const auto meet = lp::make_kernel("meet", [](lp::inout<double>, lp::in<double>) {});

// Each T(l, i) is overwritten by one reader and looked at by another, which may come later.
void pyramid(lp::In<double, 1> A, lp::Out<double, 1> B) {
  const auto n = A.extent(0);
  auto T = lp::temp<double, 2>("T");
  for (auto i : lp::range(n)) T(0, i) = same(A(i));
  for (auto l : lp::range(1, n))
    for (auto i : lp::range(n - l)) T(l, i) = meet(T(l - 1, i), T(l - 1, i + 1));
  for (auto i : lp::range(n)) B(i) = meet(T(n - 1 - i, 0), A(i));
}

std::int64_t predicted(const lp::exec::Report& report, std::int64_t tile) {
  std::vector<lp::Node> order;
  for (const lp::exec::Event& e : report.events) order.push_back(e.node);
  return lp::peak_held(*report.program, *report.graph, order,
                       [&](int) { return 16 + 8 * tile * tile; });
}

template <class Run>
void check(std::int64_t tile, Run run) {
  const lp::exec::Report one = run(lp::sequential{true});
  CHECK(one.peak_bytes == predicted(one, tile));
  const lp::exec::Report other = run(lp::threads{1, true});
  CHECK(other.peak_bytes == predicted(other, tile));
  const lp::exec::Report several = run(lp::threads{3, true});
  for (const lp::exec::Event& e : several.events) CHECK(e.held_bytes <= several.peak_bytes);
}

}  // namespace

TEST_CASE("the peak of a run on one worker is the one that the analyser predicts") {
  constexpr std::int64_t tile = 8;
  for (const std::int64_t n : {1, 2, 3, 7}) {
    CAPTURE(n);
    lp::TiledMatrix<double> A(n * tile, tile, tile), B(n * tile, tile, tile);
    check(tile, [&](const auto& executor) { return lp::run(executor, pyramid, A, B); });
    check(tile, [&](const auto& executor) {
      lp::TiledMatrix<double> C(n * tile, n * tile, tile);
      for (std::int64_t i = 0; i < n * tile; ++i) C(i, i) = 1;
      return lp::run(executor, test_algorithms::cholesky<double>, C);
    });
  }
}

TEST_CASE("a factorization in place holds the tiles of the matrix, and no more") {
  constexpr std::int64_t tile = 8, n = 5;
  lp::TiledMatrix<double> A(n * tile, n * tile, tile);
  for (std::int64_t i = 0; i < n * tile; ++i) A(i, i) = 1;
  const lp::exec::Report report = lp::run(lp::sequential{}, test_algorithms::cholesky<double>, A);
  CHECK(report.peak_bytes <= n * (n + 1) / 2 * (16 + 8 * tile * tile));
}

TEST_CASE("several workers tell the peak to within 64 KiB for each") {
  constexpr std::int64_t tile = 128, n = 4, bytes = 16 + 8 * tile * tile;
  lp::TiledMatrix<double> A(n * tile, n * tile, tile);
  for (std::int64_t i = 0; i < n * tile; ++i) A(i, i) = 1;
  const lp::exec::Report report = lp::run(lp::threads{3}, test_algorithms::cholesky<double>, A);
  CHECK(report.peak_bytes > 3 * bytes);
  CHECK(report.peak_bytes <= n * (n + 1) / 2 * bytes + 3 * 65536);
}

TEST_CASE("a run without tasks holds nothing") {
  lp::TiledMatrix<double> A(0, 0, 4);
  CHECK(lp::run(lp::threads{2}, test_algorithms::cholesky<double>, A).peak_bytes == 0);
}

}  // namespace held_test
