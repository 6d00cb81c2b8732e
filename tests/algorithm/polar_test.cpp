// The polar decomposition, checked by its definition: scaled residuals under 30.
#include "lambdapack/algorithm/polar.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "algorithm/matrices.hpp"

namespace polar_test {

using lp::TiledMatrix;
using namespace matrices;

namespace {

/// Square, tall, one column, one tile, prime sizes, tiles cut short, nothing.
const Shape shapes[] = {{48, 48, 16}, {60, 24, 12}, {97, 1, 16}, {9, 9, 16}, {67, 41, 16},
                        {41, 41, 40}, {101, 13, 7}, {1, 1, 4},   {5, 0, 4},  {0, 0, 4}};

template <lp::Scalar T>
void check(const Dense<T>& a, std::int64_t tile_rows, std::int64_t tile_cols) {
  CAPTURE(a.rows(), a.cols());
  const auto d = lp::polar(tiled(a, tile_rows, tile_cols), lp::threads{2});
  const Dense<T> u = d.u.to_dense(), h = d.h.to_dense();
  CHECK(residual(a, product(u, h)) < threshold);
  CHECK(residual(identity<T>(a.cols(), a.cols()), product(adjoint(u), u), a.rows()) < threshold);
  CHECK(residual(adjoint(h), h) == 0);
  if (a.cols() == 0) return;
  const auto values = syev_values<T>(h);
  CHECK(double(values.front()) >=
        -threshold * double(a.cols()) * 2 * eps<T>() * double(values.back()));
}

}  // namespace

TEMPLATE_TEST_CASE("polar by shape", "[algorithm]", SCALARS) {
  using T = TestType;
  for (const Shape s : shapes) check<T>(random_tile<T>(s.rows, s.cols), s.tile, s.tile);
  check<T>(random_tile<T>(50, 20), 8, 12);
}

TEMPLATE_TEST_CASE("polar of badly conditioned, orthogonal, tiny and huge matrices", "[algorithm]",
                   SCALARS) {
  using T = TestType;
  using R = lp::real_t<T>;
  for (const double condition : {1.0, 1e4, 1e8, 1e14})
    check<T>(of_condition<T>(50, 30, condition), 16, 16);
  check<T>(identity<T>(20, 20), 8, 8);
  check<T>(scaled(random_tile<T>(40, 20), std::numeric_limits<R>::max() / 4096), 16, 16);
  const R tiny = std::scalbn(R(1), std::numeric_limits<R>::min_exponent + 30);
  const Dense<T> a = random_tile<T>(40, 20);
  CHECK(residual(Dense<T>(lp::polar(tiled(a, 16)).u.to_dense()),
                 Dense<T>(lp::polar(tiled(scaled(a, tiny), 16)).u.to_dense())) < threshold);
}

TEMPLATE_TEST_CASE("polar of columns that differ by many powers of ten has an orthonormal U",
                   "[algorithm]", SCALARS) {
  using T = TestType;
  using R = lp::real_t<T>;
  const double least = std::is_same_v<R, float> ? 1e-18 : 1e-148;
  const auto check_factor = [](const Dense<T>& a) {
    const Dense<T> u = lp::polar(tiled(a, 8)).u.to_dense();
    CHECK(residual(identity<T>(a.cols(), a.cols()), product(adjoint(u), u), a.rows()) < threshold);
  };
  for (const double factor : {1e-8, 1e-12, 1e-18, 1e-30, 1e-36, 1e-100, 1e-148, 1e-200, 1e-310}) {
    if (R(factor) == 0) continue;
    CAPTURE(std::log10(factor));
    Dense<T> a = random_tile<T>(40, 3), b = Dense<T>::zeros(2, 2);
    for (std::int64_t i = 0; i < a.rows(); ++i) a(i, 2) *= R(factor);
    b(0, 0) = 1;
    b(0, 1) = R(0.5);
    b(1, 1) = R(factor);
    if (factor >= least) {
      check_factor(a);
      check_factor(b);
    } else if (factor < least * 1e-12) {
      CHECK_THAT(said<lp::run_error>([&] { lp::polar(tiled(a, 8)); }),
                 Catch::Contains("too far apart for its precision"));
      CHECK_THAT(said<lp::run_error>([&] { lp::polar(tiled(b, 8)); }),
                 Catch::Contains("too far apart for its precision"));
    }
  }
}

TEMPLATE_TEST_CASE("polar of U H finds U and H", "[algorithm]", SCALARS) {
  using T = TestType;
  const Dense<T> u = random_orthogonal<T>(60, 40), h = of_condition<T>(40, 50);
  const auto d = lp::polar(tiled(product(u, h), 16));
  CHECK(residual(u, Dense<T>(d.u.to_dense())) < threshold * 50);
  CHECK(residual(h, Dense<T>(d.h.to_dense())) < threshold);
}

TEMPLATE_TEST_CASE("polar gives the same bits on all executors", "[algorithm]", SCALARS) {
  using T = TestType;
  const auto A = tiled(of_condition<T>(70, 50, 1e3), 16);
  const auto expected = lp::polar(A, lp::sequential{});
  for (const int workers : {1, 3}) {
    const auto d = lp::polar(A, lp::threads{workers});
    CHECK(same_bits(d.u.to_dense(), expected.u.to_dense()));
    CHECK(same_bits(d.h.to_dense(), expected.h.to_dense()));
    CHECK(d.reports.size() == expected.reports.size());
  }
}

TEST_CASE("polar refuses wide matrices, dependent columns and what is no number", "[algorithm]") {
  CHECK(said<lp::input_error>([] { lp::polar(TiledMatrix<double>(3, 5, 2)); }) ==
        "polar: A is 3 x 5 in tiles of 2 x 2, but it needs at least as many rows as columns; pass "
        "its adjoint [lp-E009]");
  Dense<double> a = random_tile<double>(12, 6);
  for (std::int64_t i = 0; i < 12; ++i) a(i, 4) = 0;
  try {
    lp::polar(tiled(a, 4));
    FAIL("no error");
  } catch (const lp::factorization_error& error) {
    CHECK(error.info() == 5);
    CHECK_THAT(error.what(), Catch::Contains("lambdapack: polar: A has not full rank") &&
                                 Catch::Contains("in row 5, counted from 1"));
  }
  a(3, 3) = std::numeric_limits<double>::infinity();
  CHECK(said<lp::input_error>([&] { lp::polar(tiled(a, 4)); }) ==
        "polar: tile (0, 0) of A holds a NaN or an infinity; check the input");
}

}  // namespace polar_test
