// Copies in other numbers, and systems in mixed precision: when refinement does, and when it
// cannot.
#include <catch2/catch.hpp>

#include <lambdapack/algorithm/convert.hpp>
#include <lambdapack/algorithm/solve_mixed.hpp>

#include "algorithm/matrices.hpp"

namespace mixed_test {

using Catch::Contains;
using matrices::Dense;
using matrices::of_condition;
using matrices::one_norm;
using matrices::random_tile;
using matrices::said;
using matrices::solve_ratio;
using matrices::threshold;
using matrices::tiled;

namespace {

const lp::threads two{2};

/// What dsposv and dsgesv promise of each column, with NaNs above the diagonal left out.
template <lp::Scalar T>
bool is_refined(const Dense<T>& a, const Dense<T>& x, const Dense<T>& b) {
  const auto rest = matrices::product(b, T(-1), a, x);
  double norm = 0;
  for (std::int64_t i = 0; i < a.rows(); ++i) {
    double sum = 0;
    for (std::int64_t j = 0; j < a.cols(); ++j) sum += std::abs(a(i, j));
    norm = std::max(norm, sum);
  }
  const double factor = norm * matrices::eps<T>() * std::sqrt(static_cast<double>(a.rows()));
  for (std::int64_t j = 0; j < x.cols(); ++j) {
    double of_x = 0, of_rest = 0;
    for (std::int64_t i = 0; i < x.rows(); ++i) {
      of_x = std::max(of_x, std::abs(x(i, j)));
      of_rest = std::max(of_rest, std::abs(rest(i, j)));
    }
    if (!(of_rest <= 2 * of_x * factor)) return false;
  }
  return true;
}

template <lp::Scalar T>
Dense<T> with_nans_above(Dense<T> a) {
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = 0; i < j; ++i) a(i, j) = std::numeric_limits<double>::quiet_NaN();
  return a;
}

}  // namespace

TEMPLATE_TEST_CASE("convert: other precisions and back, infinities, shapes", "[algorithm]", float,
                   double) {
  using T = TestType;
  using C = std::complex<double>;
  for (const matrices::Shape s : {matrices::Shape{1, 1, 4}, {13, 7, 4}, {8, 8, 8}, {0, 3, 2}}) {
    const auto a = random_tile<T>(s.rows, s.cols);
    const auto A = tiled(a, s.tile);
    lp::TiledMatrix<double> wide(s.rows, s.cols, s.tile);
    lp::TiledMatrix<T> again(s.rows, s.cols, s.tile);
    lp::TiledMatrix<C> imaginary(s.rows, s.cols, s.tile);
    lp::convert(A, wide, two);
    lp::convert(wide, again, two);
    lp::convert(A, imaginary, two);
    CHECK(matrices::same_bits(again.to_dense(), a));
    for (std::int64_t j = 0; j < s.cols; ++j)
      for (std::int64_t i = 0; i < s.rows; ++i)
        CHECK(std::as_const(imaginary)(i, j) == C(static_cast<double>(a(i, j)), 0));
  }
  lp::TiledMatrix<double> huge(2, 2, 2), other(2, 3, 2);
  huge(0, 1) = 1e300;
  lp::TiledMatrix<float> narrow(2, 2, 2);
  lp::convert(huge, narrow, two);
  CHECK(narrow(0, 1) == std::numeric_limits<float>::infinity());
  CHECK_THAT(said<lp::input_error>([&] { lp::convert(other, narrow); }),
             Contains("lambdapack: convert: A is") && Contains("they must have one shape"));
}

TEMPLATE_TEST_CASE("mixed precision: refined to double, over shapes", "[algorithm]", double,
                   std::complex<double>) {
  using T = TestType;
  struct Shape {
    std::int64_t n, count, tile;
  };
  for (const auto& [n, count, tile] :
       {Shape{1, 3, 4}, {4, 1, 4}, {17, 5, 5}, {31, 7, 40}, {97, 33, 16}, {0, 3, 4}, {5, 0, 2}}) {
    CAPTURE(n, count, tile);
    const auto a = n == 0 ? Dense<T>(0, 0) : of_condition<T>(n, 100);
    const auto c = n == 0 ? Dense<T>(0, 0) : of_condition<T>(n, n, 100);
    const auto b = random_tile<T>(n, count);
    const auto A = tiled(with_nans_above(a), tile), C = tiled(c, tile), B = tiled(b, tile, 3);
    auto X = tiled(random_tile<T>(n, count), tile, 3), Y = X;
    const auto positive = lp::solve_positive_mixed(A, B, X, two);
    CHECK(positive.iterations >= 0);
    CHECK(positive.iterations <= 5);
    const auto general = lp::solve_mixed(C, B, Y, two);
    CHECK(general.iterations >= 0);
    CHECK(general.iterations <= 5);
    CHECK(matrices::same_bits(B.to_dense(), b));
    CHECK(matrices::same_bits(C.to_dense(), c));
    if (n == 0 || count == 0) continue;
    CHECK(is_refined(a, X.to_dense(), b));
    CHECK(solve_ratio(a, X.to_dense(), b) < threshold);
    CHECK(is_refined(c, Y.to_dense(), b));
    CHECK(solve_ratio(c, Y.to_dense(), b) < threshold);
  }
}

TEST_CASE("mixed precision: conditions up to 1e14, by double precision where that is needed",
          "[algorithm]") {
  const auto b = random_tile<double>(60, 2);
  const auto B = tiled(b, 16);
  lp::TiledMatrix<double> X(60, 2, 16);
  for (const double condition : {1e1, 1e4, 1e6}) {
    const auto a = of_condition<double>(60, condition), c = of_condition<double>(60, 60, condition);
    CHECK(lp::solve_positive_mixed(tiled(a, 16), B, X, two).iterations >= 0);
    CHECK(is_refined(a, X.to_dense(), b));
    CHECK(lp::solve_mixed(tiled(c, 16), B, X, two).iterations >= 0);
    CHECK(is_refined(c, X.to_dense(), b));
  }
  for (const double condition : {1e12, 1e13}) {
    const auto a = of_condition<double>(60, condition);
    CHECK(lp::solve_positive_mixed(tiled(a, 16), B, X, two).iterations == -3);
    CHECK(solve_ratio(a, X.to_dense(), b) < threshold);
  }
  for (const double condition : {1e12, 1e14}) {
    const auto c = of_condition<double>(60, 60, condition);
    CHECK(lp::solve_mixed(tiled(c, 16), B, X, two).iterations == -31);
    CHECK(solve_ratio(c, X.to_dense(), b) < threshold);
  }
}

TEST_CASE("mixed precision: what single precision cannot hold, and what none can solve",
          "[algorithm]") {
  auto a = of_condition<double>(23, 10);
  const auto b = random_tile<double>(23, 2);
  const auto B = tiled(b, 5);
  lp::TiledMatrix<double> X(23, 2, 5);
  const auto huge = matrices::scaled(a, 1e100);
  CHECK(lp::solve_positive_mixed(tiled(huge, 5), B, X, two).iterations == -3);
  CHECK(solve_ratio(huge, X.to_dense(), b) < threshold);
  CHECK(lp::solve_mixed(tiled(huge, 5), B, X, two).iterations < 0);
  CHECK(solve_ratio(huge, X.to_dense(), b) < threshold);
  auto no_number = a;
  no_number(7, 2) = std::numeric_limits<double>::quiet_NaN();
  CHECK(lp::solve_mixed(tiled(no_number, 5), B, X, two).iterations < 0);
  CHECK(std::isnan(std::as_const(X)(22, 0)));
  CHECK_THROWS_AS(lp::solve_positive_mixed(tiled(no_number, 5), B, X, two),
                  lp::factorization_error);
  a(13, 13) = -1;
  try {
    lp::solve_positive_mixed(tiled(a, 5), B, X, two);
    FAIL("no error");
  } catch (const lp::factorization_error& error) {
    CHECK(error.info() == 14);
  }
  for (std::int64_t i = 0; i < 23; ++i) a(i, 8) = 0;
  try {
    lp::solve_mixed(tiled(a, 5), B, X, two);
    FAIL("no error");
  } catch (const lp::factorization_error& error) {
    CHECK(error.info() == 9);
  }
}

TEST_CASE("mixed precision: other shapes, the same bits on every executor", "[algorithm]") {
  lp::TiledMatrix<double> square(5, 5, 2), wide(3, 5, 2), b(5, 1, 2), c(5, 2, 2);
  CHECK_THAT(said<lp::input_error>([&] { lp::solve_mixed(wide, b, b); }),
             Contains("lambdapack: solve_mixed: A is") && Contains("must be square"));
  CHECK_THAT(said<lp::input_error>([&] { lp::solve_positive_mixed(square, b, c); }),
             Contains("X must have the shape of B"));
  CHECK_THAT(said<lp::input_error>([&] { lp::solve_mixed(square, wide, c); }),
             Contains("B must have as many rows as A"));

  const auto A = tiled(of_condition<double>(50, 1e3), 16),
             B = tiled(random_tile<double>(50, 9), 16);
  const auto results = [&](const auto& executor) {
    lp::TiledMatrix<double> X(50, 9, 16), Y = X;
    const auto first = lp::solve_positive_mixed(A, B, X, executor);
    const auto second = lp::solve_mixed(A, B, Y, executor);
    CHECK(first.report.tasks > 0);
    return std::tuple(first.iterations, second.iterations, X.to_dense(), Y.to_dense());
  };
  const auto [i, j, x, y] = results(lp::sequential{});
  for (const int workers : {1, 3}) {
    const auto [k, l, u, v] = results(lp::threads{workers});
    CHECK(i == k);
    CHECK(j == l);
    CHECK(matrices::same_bits(x, u));
    CHECK(matrices::same_bits(y, v));
  }
}

}  // namespace mixed_test
