// Inverses of triangular, positive definite and regular matrices, and norms.
#include <catch2/catch.hpp>

#include <Eigen/Dense>
#include <lambdapack/algorithm/calu.hpp>
#include <lambdapack/algorithm/inverse.hpp>
#include <lambdapack/algorithm/norm.hpp>

#include "algorithm/matrices.hpp"

namespace inverse_test {

using lp::Diagonal;
using lp::Norm;
using lp::Op;
using lp::Part;
using matrices::Dense;
using matrices::said;
using matrices::tiled;
using matrices::transposed;

namespace {

const lp::threads two{2};

template <lp::Scalar T>
Dense<T> triangle(Dense<T> a, Part part, Diagonal diagonal) {
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = 0; i < a.rows(); ++i)
      if (i == j && diagonal == Diagonal::unit)
        a(i, j) = T(1);
      else if (part == Part::lower ? i < j : i > j)
        a(i, j) = T(0);
  return a;
}

/// LAPACK's ||I - A X|| / (n ||A|| ||X|| eps).
template <lp::Scalar T>
double inverse_ratio(const Dense<T>& a, const Dense<T>& x) {
  const auto difference = matrices::product(matrices::identity<T>(a.rows(), a.rows()), T(-1), a, x);
  const double scale = matrices::one_norm(a) * matrices::one_norm(x) *
                       static_cast<double>(std::max<std::int64_t>(1, a.rows())) *
                       std::numeric_limits<lp::real_t<T>>::epsilon();
  return matrices::one_norm(difference) / scale;
}

}  // namespace

TEMPLATE_TEST_CASE("inverses of triangles: both parts and diagonals", "[algorithm]", SCALARS) {
  using T = TestType;
  for (const Part part : {Part::lower, Part::upper})
    for (const Diagonal diagonal : {Diagonal::non_unit, Diagonal::unit})
      for (const matrices::Shape s :
           {matrices::Shape{1, 1, 4}, {13, 13, 4}, {8, 8, 8}, {100, 100, 37}, {60, 60, 60}}) {
        CAPTURE(static_cast<int>(part), static_cast<int>(diagonal), s.rows, s.tile);
        auto a = reference::random_triangle<T>(s.rows);
        if (diagonal == Diagonal::unit) a = matrices::scaled(a, lp::real_t<T>(0.1));
        if (part == Part::upper) a = transposed(Op::transpose, a);
        // The other triangle, and a unit diagonal, are neither read nor written.
        for (std::int64_t j = 0; j < s.cols; ++j)
          for (std::int64_t i = 0; i < s.rows; ++i)
            if ((part == Part::lower ? i < j : i > j) || (i == j && diagonal == Diagonal::unit))
              a(i, j) = T(7);
        auto A = tiled(a, s.tile);
        lp::triangular_inverse(A, {part, diagonal}, two);
        const auto found = A.to_dense();
        CHECK(inverse_ratio(triangle(a, part, diagonal), triangle(found, part, diagonal)) <
              matrices::threshold);
        bool kept = true;
        for (std::int64_t j = 0; j < s.cols; ++j)
          for (std::int64_t i = 0; i < s.rows; ++i)
            if ((part == Part::lower ? i < j : i > j) || (i == j && diagonal == Diagonal::unit))
              kept = kept && found(i, j) == T(7);
        CHECK(kept);
      }
}

TEMPLATE_TEST_CASE("inverses of positive definite matrices", "[algorithm]", SCALARS) {
  using T = TestType;
  for (const matrices::Shape s :
       {matrices::Shape{1, 1, 4}, {13, 13, 4}, {90, 90, 32}, {64, 64, 64}, {0, 0, 4}}) {
    CAPTURE(s.rows, s.tile);
    const auto b = reference::random_tile<T>(s.rows, s.rows);
    auto a = matrices::identity<T>(s.rows, s.rows);
    if (s.rows > 0) a = matrices::product(a, T(1), b, transposed(Op::adjoint, b));
    auto A = tiled(a, s.tile);
    lp::cholesky(A, two);
    lp::cholesky_inverse(A, two);
    auto x = A.to_dense();
    for (std::int64_t j = 0; j < s.cols; ++j)
      for (std::int64_t i = 0; i < j; ++i) {
        CHECK(x(i, j) == a(i, j));
        x(i, j) = reference::conj(x(j, i));
      }
    if (s.rows > 0) CHECK(inverse_ratio(a, x) < matrices::threshold);
  }
}

TEMPLATE_TEST_CASE("inverses of regular matrices, from both factorizations", "[algorithm]",
                   SCALARS) {
  using T = TestType;
  for (const matrices::Shape s :
       {matrices::Shape{1, 1, 4}, {13, 13, 4}, {97, 97, 32}, {64, 64, 64}, {31, 31, 40}, {0, 0, 4}})
    for (const bool partial : {true, false}) {
      CAPTURE(s.rows, s.tile, partial);
      const auto a = reference::random_tile<T>(s.rows, s.cols);
      auto A = tiled(a, s.tile);
      const lp::Lu lu = partial ? lp::lu(A, two) : lp::calu(A, two);
      lp::lu_inverse(A, lu, two);
      if (s.rows > 0) CHECK(inverse_ratio(a, A.to_dense()) < matrices::threshold);
    }
}

TEST_CASE("inverses: conditions up to 1e14, as far as LAPACK's scaled residual can say",
          "[algorithm]") {
  for (const double condition : {1e3, 1e8, 1e13, 1e14}) {
    const auto a = matrices::of_condition<double>(60, 60, condition);
    auto A = tiled(a, 16);
    const lp::Lu lu = lp::lu(A, two);
    lp::lu_inverse(A, lu, two);
    CHECK(inverse_ratio(a, A.to_dense()) < matrices::threshold);
  }
}

TEST_CASE("inverses: of a singular matrix there is none, and factors belong to their matrix",
          "[algorithm]") {
  using Catch::Contains;
  auto a = reference::random_tile<double>(20, 20);
  for (std::int64_t i = 0; i < 20; ++i) a(i, 13) = 0;
  auto A = tiled(a, 6);
  const lp::Lu lu = lp::lu(A, two);
  try {
    lp::lu_inverse(A, lu);
    FAIL("no error");
  } catch (const lp::factorization_error& error) {
    CHECK(error.info() == 14);
    CHECK(std::string(error.what()) ==
          "lambdapack: lu_inverse: A is exactly singular: U has a zero on its diagonal in row 14, "
          "counted from 1 (info of ?getrf); it has no inverse");
  }
  lp::TiledMatrix<double> other(19, 19, 6), wide(3, 5, 2);
  CHECK_THAT(said<lp::input_error>([&] { lp::lu_inverse(other, lu); }),
             Contains("the factors are of 20 rows"));
  CHECK_THAT(said<lp::input_error>([&] { lp::lu_inverse(wide, lu); }), Contains("must be square"));
}

TEST_CASE("inverses: a zero on the diagonal, other shapes, the same bits on every executor",
          "[algorithm]") {
  auto a = reference::random_triangle<double>(50);
  const auto general = reference::random_tile<double>(50, 50);
  const auto results = [&](const auto& executor) {
    auto A = tiled(a, 16), L = A, LU = tiled(general, 16);
    lp::triangular_inverse(A, {}, executor);
    lp::cholesky_inverse(L, executor);
    const lp::Lu lu = lp::lu(LU, executor);
    lp::lu_inverse(LU, lu, executor);
    return std::vector{A.to_dense(), L.to_dense(), LU.to_dense()};
  };
  const auto expected = results(lp::sequential{});
  for (const int workers : {1, 3}) {
    const auto found = results(lp::threads{workers});
    for (std::size_t k = 0; k < found.size(); ++k)
      CHECK(matrices::same_bits(found[k], expected[k]));
  }
  a(35, 35) = 0;
  auto A = tiled(a, 16);
  using Catch::Contains;
  CHECK_THAT(said<lp::run_error>([&] { lp::triangular_inverse(A); }),
             Contains("its diagonal holds a zero") && Contains("35"));
  lp::TiledMatrix<double> wide(3, 5, 2);
  CHECK_THAT(said<lp::input_error>([&] { lp::triangular_inverse(wide); }),
             Contains("must be square"));
}

TEMPLATE_TEST_CASE("norms agree with their definitions", "[algorithm]", SCALARS) {
  using T = TestType;
  using R = lp::real_t<T>;
  for (const matrices::Shape s : {matrices::Shape{1, 1, 4}, {13, 7, 4}, {5, 30, 8}, {8, 8, 8}}) {
    CAPTURE(s.rows, s.cols);
    const auto a = reference::random_tile<T>(s.rows, s.cols);
    const Eigen::Map<const Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>> e(a.data(), s.rows,
                                                                               s.cols);
    const auto A = tiled(a, s.tile);
    const auto close = [](R found, R expected) {
      return std::abs(found - expected) <= 100 * std::numeric_limits<R>::epsilon() * expected;
    };
    CHECK(close(lp::norm(A, Norm::max, two), e.cwiseAbs().maxCoeff()));
    CHECK(close(lp::norm(A, Norm::one, two), e.cwiseAbs().colwise().sum().maxCoeff()));
    CHECK(close(lp::norm(A, Norm::inf, two), e.cwiseAbs().rowwise().sum().maxCoeff()));
    CHECK(close(lp::norm(A, Norm::frobenius, two), e.norm()));
    CHECK(lp::norm(A, Norm::frobenius, lp::sequential{}) == lp::norm(A, Norm::frobenius, two));
  }
}

TEST_CASE("norms of nothing, of what is no number, and of what is huge or tiny", "[algorithm]") {
  for (const Norm of : {Norm::max, Norm::one, Norm::inf, Norm::frobenius}) {
    CHECK(lp::norm(lp::TiledMatrix<double>(0, 4, 2), of) == 0);
    CHECK(lp::norm(lp::TiledMatrix<double>(4, 0, 2), of) == 0);
    CHECK(lp::norm(lp::TiledMatrix<double>(4, 4, 2), of) == 0);
    lp::TiledMatrix<double> A(5, 5, 2);
    A(1, 2) = 3;
    A(3, 3) = std::numeric_limits<double>::quiet_NaN();
    A(4, 4) = 5;
    CHECK(std::isnan(lp::norm(A, of)));
    A(3, 3) = -std::numeric_limits<double>::infinity();
    CHECK(lp::norm(A, of) == std::numeric_limits<double>::infinity());
  }
  for (const double size : {1e300, 1e-300}) {
    lp::TiledMatrix<double> A(40, 1, 7);
    for (int i = 0; i < 40; ++i) A(i, 0) = size;
    CHECK(lp::norm(A) == Approx(size * std::sqrt(40.0)));
  }
}

}  // namespace inverse_test
