// QR with column pivoting: LAPACK's residuals, and that R's diagonal shows the rank.
#include "lambdapack/algorithm/qr_pivoted.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "algorithm/matrices.hpp"
#include "lambdapack/algorithm/generate.hpp"

namespace qr_pivoted_test {

using lp::TiledMatrix;
using namespace matrices;

namespace {

/// Square, tall, wide, one row, one column, one tile, prime sizes, tiles cut short, nothing.
const Shape shapes[] = {{48, 48, 16}, {60, 24, 12}, {24, 60, 12}, {1, 97, 16},  {97, 1, 16},
                        {9, 9, 16},   {41, 67, 16}, {67, 41, 16}, {33, 33, 16}, {13, 101, 7},
                        {80, 90, 40}, {5, 0, 4},    {0, 5, 4},    {0, 0, 4}};

bool is_permutation(std::vector<std::int64_t> columns, std::int64_t count) {
  std::vector<std::int64_t> all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), std::int64_t{0});
  std::sort(columns.begin(), columns.end());
  return columns == all;
}

template <lp::Scalar T>
Dense<T> in_order(const Dense<T>& a, const std::vector<std::int64_t>& columns) {
  Dense<T> result(a.rows(), a.cols());
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = 0; i < a.rows(); ++i)
      result(i, j) = a(i, columns[static_cast<std::size_t>(j)]);
  return result;
}

/// Factors A and checks A P = Q R, Q^H Q = I, Q^H (A P) = R and Q (Q^H (A P)) = A P.
template <lp::Scalar T>
lp::QrPivoted<T> check(const Dense<T>& a, std::int64_t tile_rows, std::int64_t tile_cols) {
  const auto f = lp::qr_pivoted(tiled(a, tile_rows, tile_cols), lp::threads{2});
  REQUIRE(is_permutation(f.columns(), a.cols()));
  const Dense<T> ap = in_order(a, f.columns());
  const Dense<T> q = lp::form_q(f, lp::threads{2}).to_dense(), r = f.r().to_dense();
  CHECK(is_upper(r));
  CHECK(residual(ap, product(q, r)) < threshold);
  CHECK(residual(identity<T>(q.cols(), q.cols()), product(adjoint(q), q), q.rows()) < threshold);
  auto C = tiled(ap, tile_rows, tile_cols);
  f.apply_q_adjoint(C, lp::Side::left, lp::threads{2});
  CHECK(residual(product(identity<T>(a.rows(), r.rows()), r), C.to_dense()) < threshold);
  f.apply_q(C, lp::Side::left, lp::sequential{});
  CHECK(residual(ap, C.to_dense()) < threshold);
  return f;
}
template <lp::Scalar T>
lp::QrPivoted<T> check(const Dense<T>& a, std::int64_t tile) {
  return check(a, tile, tile);
}

/// A product of random matrices, of this rank.
template <lp::Scalar T>
Dense<T> of_rank(std::int64_t rows, std::int64_t cols, std::int64_t rank) {
  return product(random_tile<T>(rows, rank), random_tile<T>(rank, cols));
}

}  // namespace

TEMPLATE_TEST_CASE("qr_pivoted by shape", "[algorithm]", SCALARS) {
  using T = TestType;
  for (const Shape s : shapes) {
    CAPTURE(s.rows, s.cols, s.tile);
    const auto f = check(random_tile<T>(s.rows, s.cols), s.tile);
    CHECK(f.rank() == std::min(s.rows, s.cols));
  }
  check(random_tile<T>(211, 7), 20, 7);
}

TEMPLATE_TEST_CASE("qr_pivoted tells the rank", "[algorithm]", SCALARS) {
  using T = TestType;
  for (const Shape s : {Shape{60, 60, 16}, {90, 40, 16}, {40, 90, 16}})
    for (const std::int64_t rank : {1, 15, 16, 17, 33}) {
      CAPTURE(s.rows, s.cols, rank);
      const auto f = check(of_rank<T>(s.rows, s.cols, rank), s.tile);
      CHECK(f.rank() == rank);
      CHECK(f.rank(1) == 0);
    }
  CHECK(check(Dense<T>::zeros(20, 30), 8).rank() == 0);
  Dense<T> some = Dense<T>::zeros(40, 40);
  for (const std::int64_t j : {3, 17, 38}) some(j, j) = T(static_cast<float>(j));
  const auto f = check(some, 8);
  CHECK(f.rank() == 3);
  auto broken = tiled(Dense<T>::zeros(20, 20), 8);
  broken(4, 4) = T(std::numeric_limits<float>::quiet_NaN());
  CHECK_THAT(said<lp::input_error>([&] { lp::qr_pivoted(broken).rank(); }),
             Catch::Contains("is no number"));
  CHECK(std::vector(f.columns().begin(), f.columns().begin() + 3) ==
        std::vector<std::int64_t>{38, 17, 3});
}

TEMPLATE_TEST_CASE("the diagonal of qr_pivoted follows the singular values", "[algorithm]",
                   SCALARS) {
  using T = TestType;
  using R = lp::real_t<T>;
  const double condition = std::sqrt(1 / eps<T>());
  for (const Shape s : {Shape{100, 100, 20}, {130, 70, 16}, {70, 130, 16}, {100, 90, 100}})
    for (const lp::Spectrum spectrum : {lp::Spectrum::geometric, lp::Spectrum::arithmetic}) {
      CAPTURE(s.rows, s.cols, s.tile);
      TiledMatrix<T> A(s.rows, s.cols, s.tile);
      lp::random_matrix(A, {.spectrum = spectrum, .condition = condition});
      const Dense<T> a = A.to_dense();
      const Dense<T> r = check(a, s.tile).r().to_dense();
      const std::vector<R> values = gesvd_values(a);
      for (std::int64_t i = 0; i < r.rows(); ++i) {
        const R share = std::abs(r(i, i)) / values[static_cast<std::size_t>(i)];
        CAPTURE(i, share);
        CHECK(share > R(1) / 10);
        CHECK(share < R(10));
      }
    }
}

TEMPLATE_TEST_CASE("qr_pivoted of one tile has LAPACK's order of columns", "[algorithm]", SCALARS) {
  using T = TestType;
  using R = lp::real_t<T>;
  Dense<T> a = random_orthogonal<T>(40, 12);
  std::vector<std::int64_t> expected;
  for (std::int64_t j = 0; j < 12; ++j) {
    const std::int64_t place = 5 * j % 12;
    for (std::int64_t i = 0; i < 40; ++i) a(i, place) *= std::ldexp(R(1), static_cast<int>(-j));
    expected.push_back(place);
  }
  CHECK(check(a, 40, 12).columns() == expected);
  CHECK(check(a, 4).columns() == expected);
}

TEMPLATE_TEST_CASE("qr_pivoted of tiny and huge matrices", "[algorithm]", SCALARS) {
  using T = TestType;
  using R = lp::real_t<T>;
  for (const R factor :
       {std::numeric_limits<R>::max() / 4096, std::numeric_limits<R>::min() * 64}) {
    const auto f = check(scaled(of_rank<T>(40, 30, 9), factor), 16);
    CHECK(f.rank(R(1e-3)) == 9);
  }
}

TEMPLATE_TEST_CASE("qr_pivoted gives the same bits on all executors", "[algorithm]", SCALARS) {
  using T = TestType;
  for (const Shape s : {Shape{90, 70, 16}, {70, 90, 16}}) {
    const auto A = tiled(random_tile<T>(s.rows, s.cols), s.tile);
    const auto expected = lp::qr_pivoted(A, lp::sequential{});
    const auto q = lp::form_q(expected, lp::sequential{}).to_dense();
    for (const int workers : {1, 3}) {
      const auto f = lp::qr_pivoted(A, lp::threads{workers});
      CHECK(f.columns() == expected.columns());
      CHECK(same_bits(f.tiles().to_dense(), expected.tiles().to_dense()));
      CHECK(same_bits(lp::form_q(f, lp::threads{workers}).to_dense(), q));
    }
  }
}

TEMPLATE_TEST_CASE("qr_pivoted goes on with NaNs and infinities", "[algorithm]", SCALARS) {
  using T = TestType;
  using R = lp::real_t<T>;
  for (const R bad : {std::numeric_limits<R>::quiet_NaN(), std::numeric_limits<R>::infinity()}) {
    Dense<T> a = random_tile<T>(30, 40);
    a(17, 5) = T(bad);
    const auto f = lp::qr_pivoted(tiled(a, 8), lp::threads{2});
    CHECK(is_permutation(f.columns(), 40));
    const Dense<T> r = f.r().to_dense();
    bool is_known = true;
    for (std::int64_t i = 0; i < 30; ++i) is_known = is_known && !std::isnan(std::abs(r(i, i)));
    if (is_known)
      CHECK(f.rank() <= 30);
    else
      CHECK_THROWS_AS(f.rank(), lp::input_error);
    CHECK(std::any_of(r.data(), r.data() + r.size(), [](T x) { return std::isnan(std::abs(x)); }));
  }
}

TEST_CASE("qr_pivoted says what it needs", "[algorithm]") {
  CHECK(said<lp::input_error>([] { lp::qr_pivoted(TiledMatrix<double>(8, 9, 4, 2)); }) ==
        "qr_pivoted: A is 8 x 9 in tiles of 4 x 2, but it needs square tiles, or one column of "
        "tiles that are at least as high as A is wide; cut rows and columns alike");
  const auto f = lp::qr_pivoted(TiledMatrix<double>(6, 4, 2));
  for (const double tolerance : {-1.0, std::numeric_limits<double>::quiet_NaN()})
    CHECK(said<lp::input_error>([&] { static_cast<void>(f.rank(tolerance)); }) ==
          "qr_pivoted: the tolerance of a rank is negative or no number; pass one from 0 on, such "
          "as 1e-10, or none");
  TiledMatrix<double> C(5, 3, 2);
  CHECK_THROWS_AS(f.apply_q(C), lp::input_error);
}

TEST_CASE("kernels of qr_pivoted refuse tiles that do not fit", "[algorithm]") {
  using namespace lp::kernel;
  using lp::in, lp::inout, lp::out;
  const Dense<double> a = random_tile<double>(3, 2), b = random_tile<double>(4, 2);
  Dense<double> r = Dense<double>::zeros(3, 3), none, a2 = a, b2 = b, row(1, 3);
  lp::Pivots chosen;
  CHECK_THROWS_AS(stack_pair<double>(inout<double>(&none), in<double>(&a), in<double>(&b)),
                  lp::input_error);
  CHECK_THROWS_AS(stack_pair<double>(inout<double>(&r), in<double>(&a), in<double>(&a)),
                  lp::input_error);
  const Dense<double> narrow = random_tile<double>(1, 1);
  CHECK_THROWS_AS(
      choose_columns<double>(out<lp::Pivots>(&chosen), in<double>(&narrow), in<double>(&a)),
      lp::input_error);
  choose_columns<double>(out<lp::Pivots>(&chosen), in<double>(&r), in<double>(&a));
  CHECK_THROWS_AS(
      exchange_pair<double>(in<lp::Pivots>(&chosen), inout<double>(&a2), inout<double>(&b2)),
      lp::input_error);
  CHECK_THROWS_AS(exchange_columns<double>(in<lp::Pivots>(&chosen), inout<double>(&a2)),
                  lp::input_error);
  CHECK_THROWS_AS(note_exchange(inout<double>(&row), in<lp::Pivots>(&chosen), 0, 2),
                  lp::input_error);
  CHECK_THROWS_AS(note_exchange(inout<double>(&row), in<lp::Pivots>(&chosen), 3, 4),
                  lp::input_error);
}

}  // namespace qr_pivoted_test
