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
  lp::cholesky(lp::tiled(A, 64));                            // on all cores
  lp::cholesky_solve(lp::tiled(A, 64), lp::tiled(X, 64));    // X of (BᵀB + I) X = Y
  // clang-format on
  CHECK((B.transpose() * (B * X) + X - Y).norm() < 1e-8);

  A = Eigen::MatrixXd::Identity(100, 100);
  A(69, 69) = -1;
  const docs_test::Printed printed;
  // clang-format off
  try {
    lp::cholesky(lp::tiled(A, 64));
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
}

}  // namespace algorithms_test
