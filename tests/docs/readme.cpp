// The code of README.md.
#include <Eigen/Dense>
#include <catch2/catch.hpp>

// clang-format off
#include <lambdapack/lambdapack.hpp>

// A = L Lᵀ: the lower triangle of A is overwritten by L.
void cholesky(lp::InOut<double, 2> A) {
  const auto n = A.extent(0);                         // in tiles; symbolic
  for (auto k : lp::range(n)) {
    A(k, k) = potrf(A(k, k));
    for (auto i : lp::range(k + 1, n)) {
      A(i, k) = trsm(A(k, k), A(i, k));
      for (auto j : lp::range(k + 1, i + 1))
        A(i, j) = syrk(A(i, j), A(i, k), A(j, k));
    }
  }
}
// clang-format on

TEST_CASE("README: the slide") {
  const Eigen::MatrixXd B = Eigen::MatrixXd::Random(300, 300);
  // clang-format off
  Eigen::MatrixXd A = B * B.transpose() + Eigen::MatrixXd::Identity(300, 300);
  lp::run(lp::threads{}, cholesky, lp::map(A, 64));   // tiles of 64 x 64, on all cores
  Eigen::MatrixXd L = A.triangularView<Eigen::Lower>();
  // clang-format on
  CHECK((L * L.transpose() - B * B.transpose() - Eigen::MatrixXd::Identity(300, 300)).norm() <
        1e-10);
}
