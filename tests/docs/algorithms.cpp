// The code of docs/algorithms.md, but for the programs, which stand in the library.
// clang-format off
#include <lambdapack/algorithm/algorithm.hpp>      // or one of them: algorithm/cholesky.hpp, lu.hpp, ...
// clang-format on

#include <Eigen/Dense>
#include <catch2/catch.hpp>
#include <iostream>

#include "docs/support.hpp"

namespace algorithms_test {

namespace {

lp::TiledMatrix<double> random(std::int64_t rows, std::int64_t cols) {
  const Eigen::MatrixXd m = Eigen::MatrixXd::Random(rows, cols);
  return lp::TiledMatrix<double>::from(m.data(), rows, cols, rows, 16);
}

}  // namespace

TEST_CASE("algorithms: Cholesky of Eigen's matrices, and its failure") {
  const Eigen::MatrixXd B = Eigen::MatrixXd::Random(300, 300), Y = Eigen::MatrixXd::Random(300, 2);
  // clang-format off
  Eigen::MatrixXd A = B.transpose() * B + Eigen::MatrixXd::Identity(300, 300), X = Y;
  lp::cholesky(lp::map(A, 64));                            // on all cores
  lp::cholesky_solve(lp::map(A, 64), lp::map(X, 64));    // X of (BᵀB + I) X = Y
  // clang-format on
  CHECK((B.transpose() * (B * X) + X - Y).norm() < 1e-8);

  A = Eigen::MatrixXd::Identity(100, 100);
  A(69, 69) = -1;
  const docs_test::Printed printed;
  // clang-format off
  try {
    lp::cholesky(lp::map(A, 64));
  } catch (const lp::factorization_error& error) {
    std::cout << "the leading " << error.info() << " rows are not positive definite\n";
  }
  // clang-format on
  CHECK(printed.text() == "the leading 70 rows are not positive definite\n");
  CHECK(A(69, 69) == -1);
}

TEST_CASE("algorithms: options") {
  const auto A = random(40, 30), B = random(40, 20), U = random(20, 20);
  auto C = random(30, 20), S = random(30, 30), X = random(10, 20);
  // clang-format off
  lp::gemm(A, B, C, {.a_op = lp::Op::transpose, .alpha = 2.0, .beta = 1.0});   // C := 2 AᵀB + C
  lp::herk(A, S, {.part = lp::Part::upper, .op = lp::Op::adjoint});            // upper part of AᴴA
  lp::trsm(U, X, {.side = lp::Side::right, .part = lp::Part::upper});          // X := X U⁻¹
  // clang-format on
  CHECK(C.rows() == 30);
}

TEST_CASE("algorithms: LU") {
  auto A = random(50, 50), X = random(50, 3);
  const docs_test::Printed printed;
  // clang-format off
  const lp::Lu lu = lp::lu(A);          // lu.pivots is LAPACK's ipiv, from 1
  if (lu.info != 0) std::cout << "U has a zero on its diagonal in row " << lu.info << "\n";
  lp::lu_solve(A, lu, X);               // or lp::lu_solve(A, lu, X, lp::Op::transpose)
  // clang-format on
  CHECK(printed.text().empty());
  CHECK(lu.pivots.size() == 50);
  auto M = random(50, 50);
  // clang-format off
  const lp::Lu of_M = lp::lu(M);
  lp::lu_inverse(M, of_M);
  // clang-format on
  CHECK(of_M.info == 0);

  const Eigen::MatrixXd P0 = Eigen::MatrixXd::Random(100, 100),
                        Z0 = Eigen::MatrixXd::Random(100, 2);
  Eigen::MatrixXd P = P0, Z = Z0;
  // clang-format off
  lp::solve(lp::map(P, 64), lp::map(Z, 64));     // P becomes L and U, Z becomes X of P X = Z
  // clang-format on
  CHECK((P0 * Z - Z0).norm() < 1e-8);
}

TEST_CASE("algorithms: mixed precision") {
  const auto Q = random(60, 60), F = random(60, 2);
  auto X1 = F;
  const docs_test::Printed printed;
  // clang-format off
  const lp::Refinement refined = lp::solve_mixed(Q, F, X1);    // Q and F are left as they are
  std::cout << (refined.iterations >= 0 ? "refined\n" : "solved in double precision\n");
  // clang-format on
  CHECK(printed.text() == "refined\n");
}

TEST_CASE("algorithms: a matrix that is not definite") {
  const auto K = random(60, 60), F = random(60, 2);
  auto X1 = F;
  // clang-format off
  lp::Refinement by_butterflies = lp::solve_hermitian(K, F, X1);     // of K the lower triangle is read
  // clang-format on
  CHECK(by_butterflies.iterations >= 0);
}

TEST_CASE("algorithms: a band") {
  auto diagonal_tile = lp::tile::Dense<double>::zeros(4, 4), tile_below = diagonal_tile;
  for (int i = 0; i < 4; ++i) {
    diagonal_tile(i, i) = 2;
    if (i > 0) diagonal_tile(i, i - 1) = -1;
  }
  tile_below(0, 3) = -1;
  lp::TiledMatrix<double> F(36, 1, 4);
  F(0, 0) = 1;
  // clang-format off
  lp::TileArray<double> S({9, 9});                        // 9 x 9 tiles, all of them empty
  for (int k = 0; k < 9; ++k) {
    S(k, k) = diagonal_tile;
    if (k + 1 < 9) S(k + 1, k) = tile_below;
  }
  lp::band_cholesky(S, 1);                                // one diagonal below the main one
  lp::band_cholesky_solve(S, F, 1);
  // clang-format on
  for (int i = 0; i < 36; ++i) CHECK(F(i, 0) == Approx((36 - i) / 37.0));
}

TEST_CASE("algorithms: conditions") {
  auto G = random(60, 60);
  const docs_test::Printed printed;
  // clang-format off
  const double norm_of_G = lp::norm(G, lp::Norm::one);       // before G is factored
  const lp::Lu lu_of_G = lp::lu(G);
  std::cout << lp::lu_rcond(G, lu_of_G, norm_of_G) << "\n";    // eps / this is how far off a solution may be
  // clang-format on
  CHECK(std::stod(printed.text()) < 1);
}

}  // namespace algorithms_test
