// Cholesky-QR2, checked as LAPACK checks QR: scaled residuals under 30.
#include "lambdapack/algorithm/cholesky_qr2.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <string>

#include "algorithm/matrices.hpp"
#include "lambdapack/algorithm/qr.hpp"

namespace cholesky_qr2_test {

using lp::TiledMatrix;
using namespace matrices;

namespace {

/// Tall, square, several columns of tiles, one column, one tile, prime sizes, tiles cut short,
/// nothing; more tiles than are added up by one task after the other.
const Shape shapes[] = {{60, 24, 12}, {24, 24, 8}, {97, 1, 16}, {9, 7, 16}, {67, 41, 16},
                        {331, 13, 7}, {4, 4, 4},   {1, 1, 4},   {5, 0, 4},  {0, 0, 4}};

template <lp::Scalar T>
void check(const Dense<T>& a, std::int64_t tile_rows, std::int64_t tile_cols) {
  const auto [q, r, reports] = lp::cholesky_qr2(tiled(a, tile_rows, tile_cols), lp::threads{2});
  const Dense<T> Q = q.to_dense(), R = r.to_dense();
  CHECK(is_upper(R));
  CHECK(residual(a, product(Q, R)) < threshold);
  CHECK(residual(identity<T>(a.cols(), a.cols()), product(adjoint(Q), Q), a.rows()) < threshold);
  for (std::int64_t i = 0; i < R.rows(); ++i) CHECK(std::real(R(i, i)) > 0);
}

/// The column that the error names.
template <lp::Scalar T>
std::int64_t refused(const Dense<T>& a, std::int64_t tile) {
  try {
    lp::cholesky_qr2(tiled(a, tile));
  } catch (const lp::factorization_error& error) {
    CHECK_THAT(error.what(), Catch::Contains("the first " + std::to_string(error.info()) +
                                             " columns of A are linearly dependent") &&
                                 Catch::Contains("call lp::tsqr or lp::qr"));
    return error.info();
  }
  return 0;
}

}  // namespace

TEMPLATE_TEST_CASE("cholesky_qr2 by shape", "[algorithm]", SCALARS) {
  using T = TestType;
  for (const Shape s : shapes) {
    CAPTURE(s.rows, s.cols, s.tile);
    check<T>(of_condition<T>(s.rows, s.cols, 20), s.tile, s.tile);
  }
  check<T>(random_tile<T>(211, 20), 30, 8);
  check<T>(random_tile<T>(150, 20), 4, 20);
}

TEMPLATE_TEST_CASE("cholesky_qr2 up to the condition that it takes, and beyond", "[algorithm]",
                   SCALARS) {
  using T = TestType;
  using R = lp::real_t<T>;
  const double root = 1 / std::sqrt(static_cast<double>(std::numeric_limits<R>::epsilon()));
  check<T>(of_condition<T>(120, 20, root / 60), 16, 16);
  for (const double condition : {root * 3e2, root * root}) {
    CAPTURE(condition);
    CHECK(refused(of_condition<T>(120, 20, condition), 16) > 0);
  }
  for (double condition = root / 16; condition < root * 64; condition *= 4) {
    const Dense<T> a = of_condition<T>(120, 20, condition);
    if (refused(a, 16) == 0) check<T>(a, 16, 16);
  }
}

TEMPLATE_TEST_CASE("cholesky_qr2 of tiny and huge matrices, and of dependent columns",
                   "[algorithm]", SCALARS) {
  using T = TestType;
  using R = lp::real_t<T>;
  Dense<T> a = random_tile<T>(40, 10);
  check<T>(scaled(a, std::numeric_limits<R>::max() / 4096), 16, 4);
  const Dense<T> r = lp::cholesky_qr2(tiled(a, 16, 4)).r.to_dense();
  const R tiny = std::scalbn(R(1), std::numeric_limits<R>::min_exponent + 30);
  CHECK(residual(r, scaled(lp::cholesky_qr2(tiled(scaled(a, tiny), 16, 4)).r.to_dense(),
                           1 / tiny)) < threshold);
  for (std::int64_t i = 0; i < 40; ++i) a(i, 6) = T(0);
  CHECK(refused(a, 4) == 7);
  CHECK(refused(Dense<T>::zeros(8, 3), 4) == 1);
}

TEMPLATE_TEST_CASE("cholesky_qr2 gives R of qr, and the same bits on all executors", "[algorithm]",
                   SCALARS) {
  using T = TestType;
  const auto A = tiled(random_tile<T>(300, 40), 16);
  const auto expected = lp::cholesky_qr2(A, lp::sequential{});
  const Dense<T> r = lp::qr(A).r().to_dense();
  Dense<T> turned = r;
  for (std::int64_t i = 0; i < 40; ++i)
    for (std::int64_t j = i; j < 40; ++j)
      if (std::real(r(i, i)) < 0) turned(i, j) = -r(i, j);
  CHECK(residual(turned, expected.r.to_dense()) < threshold);
  for (const int workers : {1, 3}) {
    const auto found = lp::cholesky_qr2(A, lp::threads{workers});
    CHECK(same_bits(found.q.to_dense(), expected.q.to_dense()));
    CHECK(same_bits(found.r.to_dense(), expected.r.to_dense()));
    CHECK(found.reports.size() == expected.reports.size());
  }
}

TEST_CASE("cholesky_qr2 refuses wide matrices and what is no number", "[algorithm]") {
  CHECK(said<lp::input_error>([] { lp::cholesky_qr2(TiledMatrix<double>(3, 5, 2)); }) ==
        "cholesky_qr2: A is 3 x 5 in tiles of 2 x 2, but it needs at least as many rows as "
        "columns; call lp::qr, or pass its adjoint [lp-E009]");
  TiledMatrix<std::complex<float>> A(5, 3, 2);
  A(4, 1) = {1, std::numeric_limits<float>::quiet_NaN()};
  CHECK(said<lp::input_error>([&] { lp::cholesky_qr2(A); }) ==
        "cholesky_qr2: tile (2, 0) of A holds a NaN or an infinity; check the input");
}

}  // namespace cholesky_qr2_test
