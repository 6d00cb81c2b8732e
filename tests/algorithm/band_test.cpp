// Cholesky factorization within a band, against the one of the whole matrix.
#include <catch2/catch.hpp>

#include <lambdapack/algorithm/band_cholesky.hpp>

#include "algorithm/matrices.hpp"

namespace band_test {

using Catch::Contains;
using matrices::Dense;
using matrices::one_norm;
using matrices::random_tile;
using matrices::said;
using matrices::solve_ratio;
using matrices::threshold;
using matrices::tiled;

namespace {

const lp::threads two{2};

/// Hermitian, positive definite, and zero further than `bandwidth` from the diagonal.
template <lp::Scalar T>
Dense<T> banded(std::int64_t n, std::int64_t bandwidth) {
  auto a = random_tile<T>(n, n);
  for (std::int64_t j = 0; j < n; ++j) {
    a(j, j) = static_cast<lp::real_t<T>>(3 * bandwidth + 1);
    for (std::int64_t i = j + 1; i < n; ++i) {
      if (i - j > bandwidth) a(i, j) = T(0);
      a(j, i) = matrices::conj(a(i, j));
    }
  }
  return a;
}

/// Its tiles at and below the diagonal that the band touches; the others are empty.
template <lp::Scalar T>
lp::TileArray<T> band_tiles(const Dense<T>& a, std::int64_t bandwidth, std::int64_t tile) {
  const std::int64_t count = (a.rows() + tile - 1) / tile;
  lp::TileArray<T> tiles({count, count});
  for (std::int64_t k = 0; k < count; ++k)
    for (std::int64_t q = k; q < count && q * tile - ((k + 1) * tile - 1) <= bandwidth; ++q) {
      const std::int64_t i = q * tile, j = k * tile;
      Dense<T> t(std::min(tile, a.rows() - i), std::min(tile, a.cols() - j));
      for (std::int64_t y = 0; y < t.cols(); ++y)
        for (std::int64_t x = 0; x < t.rows(); ++x) t(x, y) = a(i + x, j + y);
      tiles(q, k) = std::move(t);
    }
  return tiles;
}

}  // namespace

TEMPLATE_TEST_CASE("band_cholesky: the factor and the solutions of the whole matrix", "[algorithm]",
                   SCALARS) {
  using T = TestType;
  struct Shape {
    std::int64_t n, bandwidth, tile;
  };
  for (const auto& [n, bandwidth, tile] : {Shape{1, 0, 4},
                                           {1, 5, 4},
                                           {17, 0, 5},
                                           {17, 1, 5},
                                           {17, 5, 5},
                                           {17, 6, 5},
                                           {17, 16, 5},
                                           {31, 3, 40},
                                           {97, 20, 16},
                                           {64, 64, 16},
                                           {97, 1, 1},
                                           {0, 2, 4}}) {
    CAPTURE(n, bandwidth, tile);
    const auto a = banded<T>(n, bandwidth);
    const auto b = random_tile<T>(n, 4);
    auto A = tiled(a, tile), L = A, X = tiled(b, tile, 3);
    auto sparse = band_tiles(a, bandwidth, tile);
    auto Y = X;
    lp::band_cholesky(A, bandwidth, two);
    lp::cholesky(L, two);
    CHECK(reference::difference(A.to_dense(), L.to_dense()) <=
          static_cast<double>(3 * bandwidth + 1) * reference::rounding<T>(n));
    lp::band_cholesky_solve(A, X, bandwidth, two);
    if (n > 0) CHECK(solve_ratio(a, X.to_dense(), b) < threshold);
    lp::band_cholesky(sparse, bandwidth, two);
    lp::band_cholesky_solve(sparse, Y, bandwidth, two);
    CHECK(matrices::same_bits(X.to_dense(), Y.to_dense()));
  }
}

TEST_CASE("band_cholesky: as many tasks as the band has work", "[algorithm]") {
  const auto a = banded<double>(64, 4);
  auto A = tiled(a, 4);
  CHECK(lp::band_cholesky(A, 4, two).tasks == 16 + 15 + 15);
  auto X = tiled(random_tile<double>(64, 1), 4);
  CHECK(lp::band_cholesky_solve(A, X, 4, two).tasks == 2 * (16 + 15));
}

TEST_CASE("band_cholesky: info is of the whole matrix, what does not fit is refused",
          "[algorithm]") {
  for (const std::int64_t row : {0, 4, 5, 13, 22}) {
    auto bad = banded<double>(23, 3);
    bad(row, row) = -1;
    auto A = tiled(bad, 5);
    auto sparse = band_tiles(bad, 3, 5);
    try {
      lp::band_cholesky(A, 3, two);
      FAIL("no error");
    } catch (const lp::factorization_error& error) {
      CHECK(error.info() == row + 1);
    }
    try {
      lp::band_cholesky(sparse, 3, two);
      FAIL("no error");
    } catch (const lp::factorization_error& error) {
      CHECK(error.info() == row + 1);
    }
  }
  lp::TiledMatrix<double> square(5, 5, 2), wide(3, 5, 2), b(4, 1, 2);
  CHECK_THAT(said<lp::input_error>([&] { lp::band_cholesky(wide, 1); }),
             Contains("must be square"));
  CHECK_THAT(said<lp::input_error>([&] { lp::band_cholesky(square, -1); }),
             Contains("a bandwidth of -1 is negative"));
  CHECK_THAT(said<lp::input_error>([&] { lp::band_cholesky_solve(square, b, 1); }),
             Contains("B must have as many rows as L"));
}

TEST_CASE("band_cholesky: the same bits on every executor", "[algorithm]") {
  const auto a = banded<double>(50, 10);
  const auto results = [&](const auto& executor) {
    auto A = tiled(a, 8), X = A;
    lp::band_cholesky(A, 10, executor);
    lp::band_cholesky_solve(A, X, 10, executor);
    return std::vector{A.to_dense(), X.to_dense()};
  };
  const auto expected = results(lp::sequential{});
  for (const int workers : {1, 3}) {
    const auto found = results(lp::threads{workers});
    for (std::size_t k = 0; k < found.size(); ++k)
      CHECK(matrices::same_bits(found[k], expected[k]));
  }
}

}  // namespace band_test
