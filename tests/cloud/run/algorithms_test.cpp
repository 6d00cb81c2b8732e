// The algorithms of the library on workers that are processes: results are those of lp::threads, to
// the bit.
#include <catch2/catch.hpp>
#include <cmath>
#include <lambdapack/algorithm/algorithm.hpp>
#include <string>

#include "programs.hpp"
#include "support/folder.hpp"

namespace algorithms_test {

namespace {

using test_cloud::numbers;
using test_cloud::positive;
using test_cloud::same_bits;

constexpr std::int64_t tile = 16;
const lp::threads reference{1};
const lp::cloud two{.workers = 2};

}  // namespace

TEST_CASE("cholesky and cholesky_solve by processes") {
  for (const auto& [n, options] : {std::pair{100, lp::cloud{.workers = 2}},
                                   {1, lp::cloud{.workers = 1}},
                                   {150, lp::cloud{.workers = 1, .cores = 2}},
                                   {33, lp::cloud{.workers = 3}}}) {
    CAPTURE(n);
    auto expected = positive(n, tile), L = expected;
    lp::cholesky(expected, reference);
    const auto report = lp::cholesky(L, options);
    CHECK(same_bits(L, expected));
    const std::int64_t t = (n + tile - 1) / tile;
    CHECK(report.tasks == t * (t + 1) * (t + 2) / 6);
    auto X = numbers(n, 35, tile, 3), Y = X;
    lp::cholesky_solve(expected, X, reference);
    lp::cholesky_solve(L, Y, options);
    CHECK(same_bits(X, Y));
  }
}

TEST_CASE("tiles so large that processes share their memory") {
  // In a directory of the run's own they do; in one that has a name they read files.
  const test_support::Folder folder;
  constexpr std::int64_t large = 184;
  for (const std::string& store : {std::string(), folder.file("store")})
    for (const std::int64_t cache : {std::int64_t{1} << 30, std::int64_t{0}}) {
      CAPTURE(store, cache);
      const lp::cloud executor{.workers = 2, .store = store, .cache_bytes = cache, .keep = false};
      for (const std::int64_t n : {5 * large, 5 * large - 30}) {
        auto expected = positive(n, large), L = expected;
        lp::cholesky(expected, reference);
        lp::cholesky(L, executor);
        CHECK(same_bits(L, expected));
      }
      auto expected = numbers(4 * large, 3 * large - 5, large), A = expected;
      const auto f = lp::qr(expected, {}, reference), g = lp::qr(A, {}, executor);
      CHECK(same_bits(lp::form_q(g), lp::form_q(f)));
    }
}

TEST_CASE("a tile of a result that tasks read too is stored once") {
  lp::exec::CloudBill bill;
  lp::cloud executor{.workers = 1};
  executor.on_bill = [&](const lp::exec::CloudBill& b) { bill = b; };
  auto L = positive(2 * 184, 184);
  lp::cholesky(L, executor);
  // Three tiles that the client brings, and three of the result, of which tasks read two; what the
  // last task reads is carried to it.
  constexpr std::int64_t bytes = std::int64_t{184} * 184 * 8;
  CHECK(bill.bytes_written > 6 * bytes);
  CHECK(bill.bytes_written < 7 * bytes);
}

TEST_CASE("gemm, syrk and trsm by processes, with constants of the program") {
  const auto A = numbers(70, 50, tile), B = numbers(50, 90, tile, 2), C = numbers(70, 90, tile, 3);
  for (const double beta : {0.0, 0.5}) {
    auto expected = C, D = C;
    lp::gemm(A, B, expected, {.alpha = 0.25, .beta = beta}, reference);
    lp::gemm(A, B, D, {.alpha = 0.25, .beta = beta}, two);
    CHECK(same_bits(D, expected));
  }
  auto expected = numbers(70, 70, tile, 4), S = expected;
  lp::syrk(A, expected, {}, reference);
  lp::syrk(A, S, {}, two);
  CHECK(same_bits(S, expected));
  auto L = positive(70, tile);
  auto X = numbers(70, 20, tile, 5), Y = X;
  lp::trsm(L, X, {.op = lp::Op::adjoint}, reference);
  lp::trsm(L, Y, {.op = lp::Op::adjoint}, two);
  CHECK(same_bits(X, Y));
}

TEST_CASE("lu, calu and lu_solve by processes, with arrays that are no matrices") {
  for (const auto& [m, n] : {std::pair{60, 60}, {100, 35}, {35, 100}}) {
    CAPTURE(m, n);
    const auto A = numbers(m, n, tile);
    auto expected = A, LU = A;
    const lp::Lu one = lp::lu(expected, reference), other = lp::lu(LU, two);
    CHECK(same_bits(LU, expected));
    CHECK(one.pivots == other.pivots);
    expected = A, LU = A;
    CHECK(lp::calu(expected, reference).pivots == lp::calu(LU, two).pivots);
    CHECK(same_bits(LU, expected));
  }
  auto A = numbers(60, 60, tile);
  const lp::Lu lu = lp::lu(A, reference);
  auto X = numbers(60, 20, tile, 2), Y = X;
  for (const lp::Op op : {lp::Op::none, lp::Op::adjoint}) {
    lp::lu_solve(A, lu, X, op, reference);
    lp::lu_solve(A, lu, Y, op, two);
    CHECK(same_bits(X, Y));
  }
}

TEST_CASE("systems in one call, refined, and estimated, by processes") {
  const auto A = numbers(60, 60, tile), S = positive(60, tile), B = numbers(60, 5, tile, 2);
  auto expected = A, LU = A, X = B, Y = B;
  const lp::Lu one = lp::solve(expected, X, reference);
  CHECK(one.pivots == lp::solve(LU, Y, two).pivots);
  CHECK(same_bits(X, Y));
  CHECK(lp::lu_rcond(expected, one, 1.0, lp::Norm::one, reference) ==
        lp::lu_rcond(LU, one, 1.0, lp::Norm::one, two));
  lp::lu_inverse(expected, one, reference);
  lp::lu_inverse(LU, one, two);
  CHECK(same_bits(expected, LU));
  CHECK(lp::solve_mixed(A, B, X, reference).iterations == lp::solve_mixed(A, B, Y, two).iterations);
  CHECK(same_bits(X, Y));
  CHECK(lp::solve_positive_mixed(S, B, X, reference).iterations ==
        lp::solve_positive_mixed(S, B, Y, two).iterations);
  CHECK(same_bits(X, Y));
  CHECK(lp::solve_hermitian(S, B, X, reference).iterations ==
        lp::solve_hermitian(S, B, Y, two).iterations);
  CHECK(same_bits(X, Y));
  auto L = S, M = S;
  lp::band_cholesky(L, 20, reference);
  lp::band_cholesky(M, 20, two);
  CHECK(same_bits(L, M));
}

TEST_CASE("a singular matrix is told from processes") {
  lp::TiledMatrix<double> A(40, 40, tile), B(40, 1, tile);
  for (std::int64_t i = 0; i < 40; ++i) A(i, i) = i != 25;
  auto LD = A;
  try {
    lp::solve(A, B, two);
    FAIL("no error");
  } catch (const lp::factorization_error& error) {
    CHECK(error.info() == 26);
  }
  try {
    lp::ldl(LD, two);
    FAIL("no error");
  } catch (const lp::factorization_error& error) {
    CHECK(error.info() == 26);
  }
}

TEST_CASE("qr by processes: flat, in domains, and by trees over ragged tiles") {
  for (const auto& [m, n, options] : {std::tuple{70, 70, lp::QrOptions{}},
                                      {100, 40, lp::QrOptions{.domain = 2}},
                                      {103, 16, {}}}) {
    CAPTURE(m, n);
    const auto A = numbers(m, n, tile);
    const auto one = lp::qr(A, options, reference), other = lp::qr(A, options, two);
    CHECK(same_bits(one.tiles(), other.tiles()));
    CHECK(same_bits(one.form_q(reference), other.form_q(two)));
  }
}

TEST_CASE("singular values and least squares by processes") {
  const auto A = numbers(60, 50, tile);
  CHECK(lp::singular_values(A, reference) == lp::singular_values(A, two));
  const auto B = numbers(60, 3, tile, 2);
  CHECK(same_bits(lp::least_squares(A, B, {}, reference), lp::least_squares(A, B, {}, two)));
}

TEST_CASE("lq, cholesky_qr2, heev, polar and randomized singular values by processes") {
  const auto wide = numbers(40, 70, tile), S = positive(60, tile);
  CHECK(same_bits(lp::lq(wide, reference).tiles(), lp::lq(wide, two).tiles()));
  const auto B = numbers(40, 3, tile, 2);
  CHECK(same_bits(lp::least_squares(wide, B, {}, reference), lp::least_squares(wide, B, {}, two)));
  CHECK(same_bits(lp::cholesky_qr2(S, reference).r, lp::cholesky_qr2(S, two).r));
  CHECK(lp::heev_values(S, {}, reference) == lp::heev_values(S, {}, two));
  CHECK(same_bits(lp::heev(S, {}, reference).v, lp::heev(S, {}, two).v));
  CHECK(same_bits(lp::polar(S, reference).u, lp::polar(S, two).u));
  CHECK(lp::randomized_svd(wide, 4, {}, reference).s == lp::randomized_svd(wide, 4, {}, two).s);
}

TEST_CASE("a loop that ends when its data says so, by processes") {
  for (const double tolerance : {1e-3, 1e-300}) {
    lp::TiledMatrix<double> x(1, 1, 1), y(1, 1, 1), a(1, 1, 1);
    x(0, 0) = y(0, 0) = a(0, 0) = 10;
    const auto one = lp::run(reference, test_cloud::root, x, a, 12, tolerance);
    const auto other = lp::run(two, test_cloud::root, y, a, 12, tolerance);
    CHECK(same_bits(x, y));
    CHECK(one.tasks == other.tasks);
    CHECK(one.handed_on == other.handed_on);
  }
}

TEST_CASE("a tree with tiles that nothing writes, by processes") {
  for (const int n : {1, 2, 7, 13}) {
    CAPTURE(n);
    const auto A = numbers(4 * n, 4, 4);
    lp::TiledMatrix<double> s(1, 1, 1), t(1, 1, 1), rest(5, 1, 1), more(5, 1, 1);
    lp::run(reference, test_cloud::tree_sum, A, s, rest);
    lp::run(two, test_cloud::tree_sum, A, t, more);
    CHECK(same_bits(s, t));
    CHECK(same_bits(rest, more));
  }
}

TEST_CASE("payloads that are no matrices, by processes") {
  lp::TileArray<test_cloud::Words> A({5}), B({4}), C({4});
  for (int i = 0; i < 5; ++i) A(i).words = {std::to_string(i), std::string(3000, 'x')};
  lp::run(reference, test_cloud::neighbours, A, B);
  lp::run(two, test_cloud::neighbours, A, C);
  for (int i = 0; i < 4; ++i) CHECK(B(i).words == C(i).words);
}

TEST_CASE("programs without a task, by processes") {
  lp::TiledMatrix<double> none(0, 0, tile);
  CHECK(lp::cholesky(none, two).tasks == 0);
  lp::TiledMatrix<double> A(8, 2, 4);
  CHECK(lp::run(two, test_cloud::sleeps, A, 0, 1).tasks == 0);
}

TEST_CASE("a matrix that is not positive definite ends the run with LAPACK's info") {
  auto A = positive(70, tile);
  A(40, 40) = -1;
  const auto before = A;
  std::string expected;
  try {
    auto B = A;
    lp::cholesky(B, reference);
  } catch (const lp::factorization_error& error) {
    expected = error.what();
    CHECK(error.info() == 41);
  }
  try {
    lp::cholesky(A, two);
    FAIL("it was factored");
  } catch (const lp::factorization_error& error) {
    CHECK(error.info() == 41);
    CHECK(error.what() == expected);
  }
  CHECK(same_bits(A, before));
}

}  // namespace algorithms_test
