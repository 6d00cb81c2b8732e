// What docs/algorithms-orthogonal.md shows.
#include <catch2/catch.hpp>
#include <iostream>
#include <vector>

#include "lambdapack/algorithm/cholesky_qr2.hpp"
#include "lambdapack/algorithm/heev.hpp"
#include "lambdapack/algorithm/least_squares.hpp"
#include "lambdapack/algorithm/polar.hpp"
#include "lambdapack/algorithm/qr_pivoted.hpp"
#include "lambdapack/algorithm/randomized_svd.hpp"
#include "lambdapack/algorithm/rq.hpp"
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

TEST_CASE("the orthogonal algorithms' document: qr_pivoted") {
  const auto A = numbers(50, 9, 16, 16);
  const auto p = lp::qr_pivoted(A);  // A P = Q R
  std::cout << "rank " << p.rank(1e-12) << ", first column " << p.columns()[0] << "\n";
  CHECK(p.columns().size() == 9);
  CHECK(lp::form_q(p).cols() == 9);
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

TEST_CASE("the orthogonal algorithms' document: lq, cholesky_qr2 and polar") {
  auto A = numbers(30, 20, 8, 8);
  for (std::int64_t i = 0; i < 20; ++i) A(i, i) += 40;
  const auto tall = numbers(500, 4, 100, 4);
  auto D = A;
  const auto g = lp::lq(A);
  const lp::TiledMatrix<double> P = lp::form_q(g), L = g.l();
  g.apply_q_adjoint(D, lp::Side::right);  // D := D Q^H; apply_q for D Q
  CHECK(P.rows() == 20);
  CHECK(largest_difference(D, L) < 1e-10);
  const auto h = lp::rq(A);  // A = R Q, R = h.r(), Q by lp::form_q(h)
  CHECK(h.r().rows() == 30);
  CHECK(lp::form_q(h).rows() == 20);
  const auto [Q2, R2, qr2_reports] = lp::cholesky_qr2(tall);  // A = Q R, R with a positive diagonal
  CHECK(Q2.rows() == 500);
  CHECK(R2(3, 3) > 0);
  CHECK(qr2_reports.size() == 3);
  const auto [U3, H, polar_reports] = lp::polar(A);  // A = U H, H positive semidefinite
  CHECK(U3.rows() == 30);
  CHECK(H.rows() == 20);
  CHECK(polar_reports.size() > 5);
}

TEST_CASE("the orthogonal algorithms' document: heev and randomized_svd") {
  const auto A = numbers(30, 20, 8, 8), S = numbers(20, 20, 8, 8);
  const auto top = lp::randomized_svd(A, 3);  // the 3 largest, and their vectors
  const std::vector<double> s = lp::singular_values(A);
  CHECK(std::abs(top.s[0] - s[0]) < 1e-8);
  const std::vector<double> w = lp::heev_values(S);
  const auto [W, Z, runs] = lp::heev(S, {.part = lp::Part::upper});  // S = Z diag(W) Z^H
  CHECK(w.size() == 20);
  CHECK(W.size() == 20);
  CHECK(Z.rows() == 20);
  CHECK(runs.size() == 3);
}

}  // namespace algorithms_orthogonal_test
