// Matrices with given singular values.
#include <catch2/catch.hpp>

#include <Eigen/Dense>
#include <cmath>
#include <lambdapack/algorithm/generate.hpp>

#include "algorithm/matrices.hpp"

namespace generate_test {

using lp::RandomMatrix;
using lp::Spectrum;
using matrices::Dense;
using matrices::said;

namespace {

template <lp::Scalar T>
using EigenMatrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;

template <lp::Scalar T>
EigenMatrix<T> eigen(const Dense<T>& a) {
  return Eigen::Map<const EigenMatrix<T>>(a.data(), a.rows(), a.cols());
}

template <lp::Scalar T>
Dense<T> made(std::int64_t rows, std::int64_t cols, std::int64_t tile_rows, std::int64_t tile_cols,
              const RandomMatrix& what) {
  lp::TiledMatrix<T> A(rows, cols, tile_rows, tile_cols);
  lp::random_matrix(A, what, lp::threads{2});
  return A.to_dense();
}

}  // namespace

TEMPLATE_TEST_CASE("random matrices have the singular values asked for", "[algorithm]", SCALARS) {
  using T = TestType;
  const double eps = std::numeric_limits<lp::real_t<T>>::epsilon();
  for (const Spectrum spectrum : {Spectrum::one_large, Spectrum::one_small, Spectrum::geometric,
                                  Spectrum::arithmetic, Spectrum::random})
    for (const matrices::Shape s :
         {matrices::Shape{30, 30, 8}, {41, 17, 8}, {5, 29, 32}, {1, 1, 4}}) {
      CAPTURE(static_cast<int>(spectrum), s.rows, s.cols);
      const RandomMatrix what{.spectrum = spectrum, .condition = 50, .norm = 3, .seed = 5};
      const auto found = eigen(made<T>(s.rows, s.cols, s.tile, s.tile, what));
      const auto values = Eigen::JacobiSVD<EigenMatrix<T>>(found).singularValues();
      const auto expected = lp::detail::spectrum(std::min(s.rows, s.cols), what);
      for (std::size_t k = 0; k < expected.size(); ++k)
        CHECK(std::abs(values(static_cast<long>(k)) - expected[k]) <
              100 * static_cast<double>(s.rows + s.cols) * eps);
      CHECK(expected.front() <= 3);
      CHECK(expected.back() * 50 >= 3 * (1 - 1e-12));
    }
}

TEMPLATE_TEST_CASE("random Hermitian matrices have the eigenvalues asked for", "[algorithm]",
                   SCALARS) {
  using T = TestType;
  const RandomMatrix what{.condition = 1e3, .hermitian = true, .seed = 9};
  const auto found = eigen(made<T>(37, 37, 10, 10, what));
  CHECK(found == found.adjoint());
  CHECK(found == eigen(made<T>(37, 37, 16, 16, what)));
  const auto values = Eigen::SelfAdjointEigenSolver<EigenMatrix<T>>(found).eigenvalues();
  const auto expected = lp::detail::spectrum(37, what);
  for (std::size_t k = 0; k < expected.size(); ++k)
    CHECK(std::abs(values(36 - static_cast<long>(k)) - expected[k]) <
          4000 * static_cast<double>(std::numeric_limits<lp::real_t<T>>::epsilon()));
}

TEST_CASE("random matrices do not depend on tiles and executors, but on the seed", "[algorithm]") {
  const RandomMatrix what{.condition = 1e8, .seed = 3};
  const auto first = made<double>(50, 31, 50, 31, what);
  CHECK(matrices::same_bits(made<double>(50, 31, 7, 5, what), first));
  CHECK(matrices::same_bits(made<double>(50, 31, 16, 64, what), first));
  lp::TiledMatrix<double> A(50, 31, 9);
  lp::random_matrix(A, what, lp::sequential{});
  CHECK(matrices::same_bits(A.to_dense(), first));
  CHECK_FALSE(
      matrices::same_bits(made<double>(50, 31, 7, 5, {.condition = 1e8, .seed = 4}), first));
  lp::TiledMatrix<double> none(0, 0, 4);
  lp::random_matrix(none);
}

TEST_CASE("random matrices: conditions and shapes that cannot be", "[algorithm]") {
  using Catch::Contains;
  lp::TiledMatrix<double> A(6, 4, 2);
  CHECK_THAT(said<lp::input_error>([&] { lp::random_matrix(A, {.condition = 0.5}); }),
             Contains("the condition is at least 1"));
  CHECK_THAT(said<lp::input_error>([&] { lp::random_matrix(A, {.hermitian = true}); }),
             Contains("must be square"));
  CHECK_THAT(said<lp::input_error>([&] { lp::random_matrix(A, {.norm = 1.7e308}); }),
             Contains("sums in A's numbers may go beyond"));
  lp::TiledMatrix<float> F(6, 4, 2);
  CHECK_THAT(said<lp::input_error>([&] { lp::random_matrix(F, {.norm = 1e38}); }),
             Contains("sums in A's numbers may go beyond"));
  lp::random_matrix(F, {.norm = 1e37});
  for (std::int64_t i = 0; i < 6; ++i)
    for (std::int64_t j = 0; j < 4; ++j) CHECK(std::isfinite(F(i, j)));
}

}  // namespace generate_test
