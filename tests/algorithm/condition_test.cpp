// Estimates of conditions against the conditions themselves.
#include <catch2/catch.hpp>

#include <Eigen/Dense>
#include <lambdapack/algorithm/condition.hpp>

#include "algorithm/matrices.hpp"

namespace condition_test {

using Catch::Contains;
using lp::Norm;
using lp::Part;
using matrices::Dense;
using matrices::of_condition;
using matrices::random_tile;
using matrices::said;
using matrices::tiled;

namespace {

const lp::threads two{2};

/// 1 / (||A|| ||A^-1||), by Eigen in double precision.
template <lp::Scalar T>
double rcond(const Dense<T>& a, Norm norm) {
  using E = Eigen::Matrix<std::complex<double>, Eigen::Dynamic, Eigen::Dynamic>;
  E e(a.rows(), a.cols());
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = 0; i < a.rows(); ++i) e(i, j) = a(i, j);
  const E inverse = e.inverse();
  const auto size = [&](const E& m) {
    return norm == Norm::one ? m.cwiseAbs().colwise().sum().maxCoeff()
                             : m.cwiseAbs().rowwise().sum().maxCoeff();
  };
  return 1 / size(e) / size(inverse);
}

/// Not below the truth, but for rounding, and not far above it.
bool is_estimate(double found, double expected) {
  return found >= expected * 0.9 && found <= expected * 10;
}

}  // namespace

TEMPLATE_TEST_CASE("conditions of triangular factors are estimated", "[algorithm]", SCALARS) {
  using T = TestType;
  for (const matrices::Shape s :
       {matrices::Shape{1, 1, 4}, {2, 2, 1}, {13, 13, 4}, {31, 31, 40}, {61, 61, 16}})
    for (const double condition : {2.0, 1e3}) {
      CAPTURE(s.rows, s.tile, condition);
      const auto a = of_condition<T>(s.rows, condition);
      const auto c = of_condition<T>(s.rows, s.rows, condition);
      auto A = tiled(a, s.tile), C = tiled(c, s.tile);
      const auto norm = lp::hermitian_norm(A, Part::lower, two);
      CHECK(norm == Approx(matrices::one_norm(a)));
      lp::cholesky(A, two);
      CHECK(is_estimate(lp::cholesky_rcond(A, norm, two), rcond(a, Norm::one)));
      const auto one = lp::norm(C, Norm::one, two), inf = lp::norm(C, Norm::inf, two);
      const lp::Lu lu = lp::lu(C, two);
      CHECK(is_estimate(lp::lu_rcond(C, lu, one, Norm::one, two), rcond(c, Norm::one)));
      CHECK(is_estimate(lp::lu_rcond(C, lu, inf, Norm::inf, two), rcond(c, Norm::inf)));
    }
}

TEST_CASE("conditions up to 1e14, of a hard matrix, of nothing, of what is singular",
          "[algorithm]") {
  for (const double condition : {1e6, 1e10, 1e14}) {
    const auto c = of_condition<double>(60, 60, condition);
    auto C = tiled(c, 16);
    const double norm = lp::norm(C, Norm::one);
    const lp::Lu lu = lp::lu(C, two);
    const double found = lp::lu_rcond(C, lu, norm, Norm::one, two);
    CHECK(found > 0.001 / condition);
    CHECK(found < 10 / condition);
  }
  // The triangle of ones above a unit diagonal and below minus ones: its inverse grows as 2^n.
  auto hard = matrices::identity<double>(30, 30);
  for (std::int64_t j = 0; j < 30; ++j)
    for (std::int64_t i = 0; i < j; ++i) hard(i, j) = -1;
  auto H = tiled(hard, 8);
  const lp::Lu of_hard = lp::lu(H, two);
  CHECK(is_estimate(lp::lu_rcond(H, of_hard, 30.0), rcond(hard, Norm::one)));

  lp::TiledMatrix<double> none(0, 0, 4), zeros(9, 9, 4), wide(3, 5, 2);
  const lp::Lu of_none = lp::lu(none), of_zeros = lp::lu(zeros);
  CHECK(lp::lu_rcond(none, of_none, 0.0) == 1);
  CHECK(lp::cholesky_rcond(none, 0.0) == 1);
  CHECK(lp::lu_rcond(zeros, of_zeros, 1.0) == 0);
  // Inverses beyond all numbers.
  lp::TiledMatrix<double> tiny(40, 40, 16);
  for (std::int64_t j = 0; j < 40; ++j)
    for (std::int64_t i = 0; i <= j; ++i) tiny(i, j) = i == j ? 1e-200 : 1;
  CHECK(lp::lu_rcond(tiny, lp::lu(tiny), 40.0) == 0);
  lp::TiledMatrix<double> factor(20, 20, 8);
  for (std::int64_t i = 0; i < 20; ++i) factor(i, i) = i % 3 == 0 ? 1 : 1e-320;
  CHECK(lp::cholesky_rcond(factor, 1.0) == 0);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  factor(5, 5) = nan;
  CHECK(std::isnan(lp::cholesky_rcond(factor, nan)));
  CHECK(lp::lu_rcond(H, of_hard, 0.0) == 0);
  CHECK_THAT(said<lp::input_error>([&] { lp::lu_rcond(H, of_zeros, 1.0); }),
             Contains("the factors are of 9 rows"));
  CHECK_THAT(said<lp::input_error>([&] { lp::lu_rcond(H, of_hard, 1.0, Norm::max); }),
             Contains("lp::Norm::one and lp::Norm::inf only"));
  CHECK_THAT(said<lp::input_error>([&] { lp::cholesky_rcond(wide, 1.0); }),
             Contains("cholesky_rcond") && Contains("must be square"));
}

TEMPLATE_TEST_CASE("norms of Hermitian matrices by a triangle", "[algorithm]", SCALARS) {
  using T = TestType;
  for (const Part part : {Part::lower, Part::upper})
    for (const matrices::Shape s : {matrices::Shape{1, 1, 4}, {13, 13, 4}, {8, 8, 8}}) {
      const auto a = of_condition<T>(s.rows, 10);
      auto given = a;
      for (std::int64_t j = 0; j < s.cols; ++j)
        for (std::int64_t i = 0; i < s.rows; ++i)
          if (part == Part::lower ? i < j : i > j)
            given(i, j) = std::numeric_limits<lp::real_t<T>>::quiet_NaN();
      CHECK(lp::hermitian_norm(tiled(given, s.tile), part, two) ==
            Approx(matrices::one_norm(a)).epsilon(1e-5));
    }
  CHECK(lp::hermitian_norm(lp::TiledMatrix<T>(0, 0, 3)) == 0);
  lp::TiledMatrix<T> A(5, 5, 2);
  A(4, 1) = std::numeric_limits<lp::real_t<T>>::quiet_NaN();
  CHECK(std::isnan(lp::hermitian_norm(A)));
}

TEST_CASE("conditions: the same bits on every executor", "[algorithm]") {
  auto A = tiled(of_condition<double>(50, 1e5), 16), C = tiled(random_tile<double>(50, 50), 16);
  lp::cholesky(A, two);
  const lp::Lu lu = lp::lu(C, two);
  const auto results = [&](const auto& executor) {
    return std::pair(lp::cholesky_rcond(A, 1.0, executor),
                     lp::lu_rcond(C, lu, 1.0, Norm::inf, executor));
  };
  const auto expected = results(lp::sequential{});
  CHECK(results(lp::threads{1}) == expected);
  CHECK(results(lp::threads{3}) == expected);
}

}  // namespace condition_test
