// What docs/algorithms-orthogonal.md shows.
#include <catch2/catch.hpp>
#include <iostream>
#include <vector>

#include "lambdapack/algorithm/least_squares.hpp"
#include "lambdapack/algorithm/svd.hpp"
#include "lambdapack/algorithm/tsqr.hpp"

namespace algorithms_orthogonal_test {

namespace {

lp::TiledMatrix<double> numbers(std::int64_t rows, std::int64_t cols, std::int64_t tile_rows,
                                std::int64_t tile_cols) {
  lp::TiledMatrix<double> A(rows, cols, tile_rows, tile_cols);
  for (std::int64_t j = 0; j < cols; ++j)
    for (std::int64_t i = 0; i < rows; ++i) A(i, j) = static_cast<double>((i * 7 + j * j * 5) % 11);
  return A;
}

double largest_difference(const lp::TiledMatrix<double>& a, const lp::TiledMatrix<double>& b) {
  double largest = 0;
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = 0; i < a.rows(); ++i)
      largest = std::max(largest, std::abs(a(i, j) - b(i, j)));
  return largest;
}

}  // namespace

TEST_CASE("the orthogonal algorithms' document: qr and least squares") {
  const auto A = numbers(50, 9, 16, 16), B = numbers(50, 2, 16, 2);
  auto C = A;
  const auto f = lp::qr(A);
  const lp::TiledMatrix<double> Q = lp::form_q(f), R = f.r();
  f.apply_q_adjoint(C);  // C := Q^H C; apply_q for Q C
  std::cout << f.report().tasks << " tasks, " << f.report().seconds << " s\n";
  CHECK(Q.cols() == 9);
  CHECK(std::abs(std::abs(C(8, 8)) - std::abs(R(8, 8))) < 1e-12);
  f.apply_q(C);
  CHECK(largest_difference(A, C) < 1e-12);
  const lp::TiledMatrix<double> X = lp::least_squares(A, B);
  CHECK(X.rows() == 9);
}

TEST_CASE("the orthogonal algorithms' document: programs") {
  const std::int64_t n = 300;
  lp::TiledMatrix<double> A(n, n, 256);
  lp::TiledMatrix<double> F(A.extents()[0] * 65, n, 65, 256);  // inner blocks of 64 columns
  lp::run(lp::threads{2}, lp::algorithm::qr_flat<double>, A, F);
  CHECK(A(0, 0) == 0);
}

TEST_CASE("the orthogonal algorithms' document: tsqr and svd") {
  const auto tall = numbers(500, 4, 100, 4);
  const auto t = lp::tsqr(tall);  // one column of tiles, 4096 x 100 each
  const auto A = numbers(30, 20, 8, 8);
  const std::vector<double> s = lp::singular_values(A);
  const auto [U, S, V, reports] = lp::svd(A);  // A = U diag(S) V^H
  CHECK(s.size() == 20);
  CHECK(std::abs(S[0] - s[0]) < 1e-10);
  CHECK(U.rows() == 30);
  CHECK(V.rows() == 20);
  CHECK(reports.size() > 3);
  CHECK(t.r().rows() == 4);
}

}  // namespace algorithms_orthogonal_test
