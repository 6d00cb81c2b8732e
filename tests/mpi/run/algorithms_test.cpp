// The algorithms of the library on all ranks: results are those of lp::threads, to the bit.
#include <algorithm>

#include "ranks.hpp"

namespace algorithms_test {

namespace {

using test_mpi::numbers;
using test_mpi::positive;
using test_mpi::same_bits;

constexpr std::int64_t tile = 16;
const lp::threads reference{1};

/// Calls test(executor) for each grid, with one worker and with two.
template <class Test>
void on_each_grid(Test test) {
  for (const lp::ProcessGrid grid : test_mpi::grids())
    for (const int workers : {1, 2}) {
      CAPTURE(grid.rows, grid.cols, workers);
      test(lp::mpi{.workers = workers, .grid = grid});
    }
}

}  // namespace

TEST_CASE("cholesky on ranks") {
  for (const std::int64_t n : {1, 16, 33, 100, 150}) {
    const auto A = positive(n, tile);
    auto expected = A;
    lp::cholesky(expected, reference);
    on_each_grid([&](const lp::mpi& executor) {
      auto L = A;
      lp::cholesky(L, executor);
      CHECK(same_bits(L, expected));
    });
  }
}

TEST_CASE("cholesky_solve on ranks") {
  const auto A = positive(70, tile);
  auto L = A;
  lp::cholesky(L, reference);
  const auto B = numbers(70, 35, tile, 3);
  auto expected = B;
  lp::cholesky_solve(L, expected, reference);
  on_each_grid([&](const lp::mpi& executor) {
    auto X = B;
    lp::cholesky_solve(L, X, executor);
    CHECK(same_bits(X, expected));
  });
}

TEST_CASE("gemm on ranks") {
  const auto A = numbers(70, 50, tile), B = numbers(50, 90, tile, 2), C = numbers(70, 90, tile, 3);
  for (const double beta : {0.0, 0.5}) {
    auto expected = C;
    lp::gemm(A, B, expected, {.beta = beta}, reference);
    on_each_grid([&](const lp::mpi& executor) {
      auto D = C;
      lp::gemm(A, B, D, {.beta = beta}, executor);
      CHECK(same_bits(D, expected));
    });
  }
}

TEST_CASE("lu on ranks") {
  for (const auto& [m, n] : {std::pair{60, 60}, {100, 35}, {35, 100}}) {
    const auto A = numbers(m, n, tile);
    auto expected = A;
    const lp::Lu lu = lp::lu(expected, reference);
    on_each_grid([&](const lp::mpi& executor) {
      auto LU = A;
      const lp::Lu found = lp::lu(LU, executor);
      CHECK(same_bits(LU, expected));
      CHECK(found.pivots == lu.pivots);
    });
  }
}

TEST_CASE("lu_solve and calu on ranks") {
  const auto A = numbers(60, 60, tile);
  const auto B = numbers(60, 20, tile, 5);
  auto expected = A, solved = B;
  const lp::Lu lu = lp::calu(expected, reference);
  lp::lu_solve(expected, lu, solved, lp::Op::none, reference);
  on_each_grid([&](const lp::mpi& executor) {
    auto LU = A, X = B;
    const lp::Lu found = lp::calu(LU, executor);
    CHECK(same_bits(LU, expected));
    lp::lu_solve(LU, found, X, lp::Op::none, executor);
    CHECK(same_bits(X, solved));
  });
}

TEST_CASE("solve and lu_inverse on ranks") {
  const auto A = numbers(60, 60, tile);
  const auto B = numbers(60, 5, tile, 2);
  auto expected = A, solved = B;
  const lp::Lu lu = lp::solve(expected, solved, reference);
  auto inverse = expected;
  lp::lu_inverse(inverse, lu, reference);
  on_each_grid([&](const lp::mpi& executor) {
    auto LU = A, X = B;
    const lp::Lu found = lp::solve(LU, X, executor);
    CHECK(same_bits(LU, expected));
    CHECK(same_bits(X, solved));
    lp::lu_inverse(LU, found, executor);
    CHECK(same_bits(LU, inverse));
  });
}

TEST_CASE("systems refined, and conditions, on ranks", "[slow]") {
  const auto A = numbers(60, 60, tile), S = positive(60, tile), B = numbers(60, 5, tile, 2);
  const lp::mpi executor{.workers = 2};
  auto LU = A, X = B, Y = B;
  const lp::Lu lu = lp::lu(LU, reference);
  CHECK(lp::lu_rcond(LU, lu, 1.0, lp::Norm::one, executor) ==
        lp::lu_rcond(LU, lu, 1.0, lp::Norm::one, reference));
  CHECK(lp::solve_mixed(A, B, X, executor).iterations ==
        lp::solve_mixed(A, B, Y, reference).iterations);
  CHECK(same_bits(X, Y));
  CHECK(lp::solve_hermitian(S, B, X, executor).iterations ==
        lp::solve_hermitian(S, B, Y, reference).iterations);
  CHECK(same_bits(X, Y));
}

TEST_CASE("a singular matrix is told on every rank") {
  lp::TiledMatrix<double> A(40, 40, tile);
  for (std::int64_t i = 0; i < 40; ++i) A(i, i) = i != 25;
  const auto info_of = [&](const auto& factor) {
    auto LU = A, B = numbers(40, 1, tile);
    try {
      factor(LU, B);
    } catch (const lp::factorization_error& error) {
      return error.info();
    }
    return std::int64_t{0};
  };
  on_each_grid([&](const lp::mpi& executor) {
    CHECK(info_of([&](auto& LU, auto& B) { lp::solve(LU, B, executor); }) == 26);
    CHECK(info_of([&](auto& LD, auto&) { lp::ldl(LD, executor); }) == 26);
  });
}

TEST_CASE("qr on ranks") {
  const auto A = numbers(110, 50, tile);
  const auto expected = lp::qr(A, {.tree = lp::QrTree::flat}, reference);
  const auto q = expected.form_q(reference);
  on_each_grid([&](const lp::mpi& executor) {
    const auto found = lp::qr(A, {.tree = lp::QrTree::flat}, executor);
    CHECK(same_bits(found.tiles(), expected.tiles()));
    CHECK(same_bits(found.form_q(executor), q));
  });
}

TEST_CASE("qr by trees on ranks", "[slow]") {
  const auto A = numbers(110, 50, tile);
  const lp::QrOptions options{.tree = lp::QrTree::flat_trees, .domain = 2};
  const auto expected = lp::qr(A, options, reference);
  const auto q = expected.form_q(reference);
  const auto found = lp::qr(A, options, lp::mpi{.workers = 2});
  CHECK(same_bits(found.tiles(), expected.tiles()));
  CHECK(same_bits(found.form_q(lp::mpi{}), q));
}

TEST_CASE("tsqr on ranks") {
  const auto A = numbers(200, 12, tile);
  const auto expected = lp::tsqr(A, {.domain = 2}, reference);
  on_each_grid([&](const lp::mpi& executor) {
    const auto found = lp::tsqr(A, {.domain = 2}, executor);
    CHECK(same_bits(found.tiles(), expected.tiles()));
  });
}

TEST_CASE("svd on ranks", "[slow]") {
  const auto A = numbers(70, 40, tile);
  const auto expected = lp::svd(A, reference);
  const auto found = lp::svd(A, lp::mpi{});
  CHECK(found.s == expected.s);
  CHECK(same_bits(found.u, expected.u));
  CHECK(same_bits(found.v, expected.v));
}

TEST_CASE("least squares on ranks") {
  const auto A = numbers(90, 30, tile);
  const auto B = numbers(90, 5, tile, 7);
  CHECK(same_bits(lp::least_squares(A, B, {}, lp::mpi{}), lp::least_squares(A, B, {}, reference)));
}

}  // namespace algorithms_test
