// Systems of equations in one call, judged as LAPACK's own tests do.
#include <catch2/catch.hpp>

#include <lambdapack/algorithm/solve.hpp>

#include "algorithm/matrices.hpp"

namespace solve_test {

using Catch::Contains;
using matrices::Dense;
using matrices::of_condition;
using matrices::random_tile;
using matrices::said;
using matrices::solve_ratio;
using matrices::threshold;
using matrices::tiled;

namespace {

const lp::threads two{2};

constexpr matrices::Shape shapes[] = {{1, 3, 4},    {4, 1, 4},    {17, 5, 5}, {31, 7, 40},
                                      {97, 33, 16}, {130, 2, 64}, {0, 3, 4},  {5, 0, 2}};

/// The Hermitian matrix of a lower triangle, which may hold NaNs elsewhere.
template <lp::Scalar T>
Dense<T> whole(Dense<T> a) {
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = 0; i < j; ++i) a(i, j) = reference::conj(a(j, i));
  return a;
}

template <lp::Scalar T>
Dense<T> dominant(std::int64_t n) {
  auto a = reference::random_positive_definite<T>(n);
  for (std::int64_t i = 0; i < n; ++i) a(i, i) += T(1);
  return a;
}

}  // namespace

TEMPLATE_TEST_CASE("solve_positive and solve: residuals, and what becomes of A", "[algorithm]",
                   SCALARS) {
  using T = TestType;
  for (const auto& [n, count, tile] : shapes) {
    CAPTURE(n, count, tile);
    const auto a = dominant<T>(n), b = random_tile<T>(n, count), c = random_tile<T>(n, n);
    auto A = tiled(a, tile), X = tiled(b, tile, 3), L = A;
    lp::solve_positive(A, X, two);
    lp::cholesky(L, two);
    CHECK(matrices::same_bits(reference::lower_part(A.to_dense()),
                              reference::lower_part(L.to_dense())));
    if (n > 0 && count > 0) CHECK(solve_ratio(whole(a), X.to_dense(), b) < threshold);

    auto C = tiled(c, tile), Y = tiled(b, tile, 3), LU = C;
    const lp::Lu found = lp::solve(C, Y, two), expected = lp::lu(LU, two);
    CHECK(found.pivots == expected.pivots);
    CHECK(found.info == 0);
    CHECK(matrices::same_bits(C.to_dense(), LU.to_dense()));
    if (n > 0 && count > 0) CHECK(solve_ratio(c, Y.to_dense(), b) < threshold);
  }
}

TEST_CASE("solve_positive and solve: conditions up to 1e14", "[algorithm]") {
  const auto b = random_tile<double>(60, 2);
  for (const double condition : {1e3, 1e8, 1e13}) {
    const auto a = of_condition<double>(60, condition);
    auto A = tiled(a, 16), X = tiled(b, 16);
    lp::solve_positive(A, X, two);
    CHECK(solve_ratio(a, X.to_dense(), b) < threshold);
  }
  for (const double condition : {1e3, 1e8, 1e14}) {
    const auto a = of_condition<double>(60, 60, condition);
    auto A = tiled(a, 16), X = tiled(b, 16);
    lp::solve(A, X, two);
    CHECK(solve_ratio(a, X.to_dense(), b) < threshold);
  }
}

TEST_CASE("solve_positive and solve: info counts rows of the whole matrix", "[algorithm]") {
  for (const std::int64_t row : {0, 4, 5, 13, 22}) {
    auto bad = of_condition<double>(23, 10);
    bad(row, row) = -1;
    auto A = tiled(bad, 5), B = tiled(random_tile<double>(23, 2), 5);
    try {
      lp::solve_positive(A, B, two);
      FAIL("no error");
    } catch (const lp::factorization_error& error) {
      CHECK(error.info() == row + 1);
    }
    auto singular = random_tile<double>(23, 23);
    for (std::int64_t i = 0; i < 23; ++i) singular(i, row) = 0;
    auto C = tiled(singular, 5);
    B = tiled(random_tile<double>(23, 2), 5);
    try {
      lp::solve(C, B, two);
      FAIL("no error");
    } catch (const lp::factorization_error& error) {
      CHECK(error.info() == row + 1);
      CHECK_THAT(error.what(),
                 Contains("the matrix is exactly singular: U has a zero on its diagonal in row " +
                          std::to_string(row + 1)) &&
                     Catch::EndsWith("(info of ?getrf: " + std::to_string(row + 1) + ")"));
    }
    CHECK_FALSE(B.is_complete());
  }
}

TEST_CASE("solve_positive and solve: shapes that do not fit, the same bits on every executor",
          "[algorithm]") {
  lp::TiledMatrix<double> square(5, 5, 2), wide(3, 5, 2), short_one(4, 1, 2);
  CHECK(
      said<lp::input_error>([&] { lp::solve_positive(wide, short_one); }) ==
      "lambdapack: solve_positive: A is a matrix in memory (3 x 5 float64 in tiles of 2 x 2), but "
      "it must be square, in square tiles; pass a square matrix, and one tile size for its rows "
      "and columns [lp-E009]");
  CHECK_THAT(said<lp::input_error>([&] { lp::solve_positive(square, short_one); }),
             Contains("solve_positive") && Contains("B must have as many rows as A"));
  CHECK_THAT(said<lp::input_error>([&] { lp::solve(wide, short_one); }),
             Contains("lambdapack: solve: A is") && Contains("must be square"));
  CHECK_THAT(said<lp::input_error>([&] { lp::solve(square, short_one); }),
             Contains("B must have as many rows as A"));

  const auto a = of_condition<double>(50, 10), c = random_tile<double>(50, 50),
             b = random_tile<double>(50, 9);
  const auto results = [&](const auto& executor) {
    auto A = tiled(a, 16), C = tiled(c, 16), X = tiled(b, 16), Y = X;
    lp::solve_positive(A, X, executor);
    lp::solve(C, Y, executor);
    return std::vector{A.to_dense(), X.to_dense(), C.to_dense(), Y.to_dense()};
  };
  const auto expected = results(lp::sequential{});
  for (const int workers : {1, 3}) {
    const auto found = results(lp::threads{workers});
    for (std::size_t k = 0; k < found.size(); ++k)
      CHECK(matrices::same_bits(found[k], expected[k]));
  }
}

}  // namespace solve_test
