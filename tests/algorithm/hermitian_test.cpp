// L D L^H, and systems with matrices that are not definite.
#include <catch2/catch.hpp>

#include <lambdapack/algorithm/solve_hermitian.hpp>

#include "algorithm/matrices.hpp"

namespace hermitian_test {

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

/// Q D Q^H with eigenvalues of both signs, from 1 down to 1 / condition in magnitude.
template <lp::Scalar T>
Dense<T> indefinite(std::int64_t n, double condition) {
  const auto q = matrices::random_orthogonal<T>(n, n);
  auto values = matrices::singular_values(n, condition);
  for (std::size_t i = 1; i < values.size(); i += 2) values[i] = -values[i];
  Dense<T> a = matrices::product(matrices::columns_times(q, values), matrices::adjoint(q));
  for (std::int64_t j = 0; j < n; ++j) {
    a(j, j) = T(std::real(a(j, j)));
    for (std::int64_t i = 0; i < j; ++i) a(i, j) = matrices::conj(a(j, i));
  }
  return a;
}

template <lp::Scalar T>
Dense<T> with_nans_above(Dense<T> a) {
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = 0; i < j; ++i) a(i, j) = std::numeric_limits<lp::real_t<T>>::quiet_NaN();
  return a;
}

/// A matrix that L D L^H without pivoting suits: definite but for the signs of a part of it.
template <lp::Scalar T>
Dense<T> quasi_definite(std::int64_t n) {
  auto a = random_tile<T>(n, n);
  for (std::int64_t j = 0; j < n; ++j) {
    for (std::int64_t i = 0; i < j; ++i) a(i, j) = matrices::conj(a(j, i));
    a(j, j) = static_cast<lp::real_t<T>>(j < n / 2 ? n : -n);
  }
  return a;
}

/// ||A - L D L^H|| / (n ||A|| eps).
template <lp::Scalar T>
double ldl_ratio(const Dense<T>& a, const Dense<T>& found) {
  const auto l = matrices::lower_trapezoid(found, true);
  auto ld = l;
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = j; i < a.rows(); ++i) ld(i, j) *= found(j, j);
  return matrices::ratio(matrices::product(a, T(-1), ld, matrices::adjoint(l)), a.rows(),
                         one_norm(a));
}

}  // namespace

TEMPLATE_TEST_CASE("ldl: residuals, solutions, what is above the diagonal", "[algorithm]",
                   SCALARS) {
  using T = TestType;
  for (const matrices::Shape s : {matrices::Shape{1, 3, 4},
                                  {17, 5, 5},
                                  {31, 7, 40},
                                  {97, 33, 16},
                                  {150, 2, 128},
                                  {0, 3, 4}}) {
    CAPTURE(s.rows, s.tile);
    const auto a = quasi_definite<T>(s.rows);
    const auto b = random_tile<T>(s.rows, s.cols);
    auto A = tiled(with_nans_above(a), s.tile), X = tiled(b, s.tile, 3);
    lp::ldl(A, two);
    lp::ldl_solve(A, X, two);
    auto found = A.to_dense();
    bool above_is_left_alone = true;
    for (std::int64_t j = 0; j < s.rows; ++j)
      for (std::int64_t i = 0; i < j; ++i)
        above_is_left_alone = above_is_left_alone && std::isnan(std::real(found(i, j)));
    CHECK(above_is_left_alone);
    if (s.rows == 0) continue;
    CHECK(ldl_ratio(a, found) < threshold);
    CHECK(solve_ratio(a, X.to_dense(), b) < threshold);
  }
}

TEST_CASE("ldl: a zero pivot has its row, shapes that do not fit are refused", "[algorithm]") {
  for (const std::int64_t row : {0, 4, 5, 13, 22}) {
    auto a = matrices::identity<double>(23, 23);
    a(row, row) = 0;
    auto A = tiled(a, 5);
    try {
      lp::ldl(A, two);
      FAIL("no error");
    } catch (const lp::factorization_error& error) {
      CHECK(error.info() == row + 1);
      CHECK_THAT(error.what(), Contains("the pivot is zero or not finite") &&
                                   Contains("global row " + std::to_string(row)));
    }
  }
  lp::TiledMatrix<double> square(5, 5, 2), wide(3, 5, 2), b(4, 1, 2), c(5, 1, 2), d(5, 2, 2);
  CHECK_THAT(said<lp::input_error>([&] { lp::ldl(wide); }), Contains("must be square"));
  CHECK_THAT(said<lp::input_error>([&] { lp::ldl_solve(square, b); }),
             Contains("B must have as many rows as A"));
  CHECK_THAT(said<lp::input_error>([&] { lp::solve_hermitian(square, c, d); }),
             Contains("solve_hermitian") && Contains("X must have the shape of B"));
}

TEMPLATE_TEST_CASE("butterflies: orthogonal but for their random factors", "[algorithm]", float,
                   double) {
  using R = TestType;
  for (const std::int64_t n : {1, 2, 3, 4, 5, 7, 8, 30, 31}) {
    CAPTURE(n);
    const lp::kernel::detail::ButterflyRows<R> rows(n);
    Dense<R> w = Dense<R>::zeros(n, n), t = w;
    for (std::int64_t i = 0; i < n; ++i) {
      const auto row = rows.row(i), turned = rows.transposed_row(i);
      for (std::size_t k = 0; k < row.count; ++k) w(i, row.terms[k].column) += row.terms[k].factor;
      for (std::size_t k = 0; k < turned.count; ++k)
        t(i, turned.terms[k].column) += turned.terms[k].factor;
    }
    CHECK(reference::difference(t, matrices::transposed(lp::Op::transpose, w)) <=
          reference::rounding<R>(4));
    // Orthogonal but for factors from exp(-1/10) to exp(1/10).
    const auto product = matrices::product(w, t);
    for (std::int64_t i = 0; i < n; ++i) {
      CHECK(product(i, i) > 0.8);
      CHECK(product(i, i) < 1.25);
    }
    if (n % 4 == 0) CHECK(rows.row(0).count == 4);
  }
}

TEMPLATE_TEST_CASE("solve_hermitian: residuals over shapes, also with zeros on the diagonal",
                   "[algorithm]", SCALARS) {
  using T = TestType;
  for (const matrices::Shape s : {matrices::Shape{1, 3, 4},
                                  {4, 1, 4},
                                  {17, 5, 5},
                                  {31, 7, 40},
                                  {97, 33, 16},
                                  {0, 3, 4},
                                  {5, 0, 2}})
    for (const bool zeros : {false, true}) {
      if (zeros && s.rows < 2) continue;
      CAPTURE(s.rows, s.tile, zeros);
      auto a = s.rows == 0 ? Dense<T>(0, 0) : indefinite<T>(s.rows, 20);
      for (std::int64_t i = 0; i < s.rows && zeros; ++i) a(i, i) = T(0);
      const auto b = random_tile<T>(s.rows, s.cols);
      const auto A = tiled(with_nans_above(a), s.tile), B = tiled(b, s.tile, 3);
      auto X = tiled(random_tile<T>(s.rows, s.cols), s.tile, 3);
      const lp::Refinement found = lp::solve_hermitian(A, B, X, two);
      CHECK(found.iterations >= 0);
      CHECK(matrices::same_bits(B.to_dense(), b));
      if (s.rows > 0 && s.cols > 0) CHECK(solve_ratio(a, X.to_dense(), b) < threshold);
    }
}

TEST_CASE("solve_hermitian: conditions up to 1e14, exchanges of rows only, what is singular",
          "[algorithm]") {
  const auto b = random_tile<double>(60, 2);
  const auto B = tiled(b, 16);
  lp::TiledMatrix<double> X(60, 2, 16);
  for (const double condition : {1e3, 1e8, 1e14}) {
    const auto a = indefinite<double>(60, condition);
    lp::solve_hermitian(tiled(a, 16), B, X, two);
    CHECK(solve_ratio(a, X.to_dense(), b) < threshold);
  }
  auto exchange = Dense<double>::zeros(60, 60);
  for (std::int64_t i = 0; i < 60; ++i) exchange(i, 59 - i) = 1;
  lp::solve_hermitian(tiled(exchange, 16), B, X, two);
  CHECK(solve_ratio(exchange, X.to_dense(), b) < threshold);
  auto no_number = indefinite<double>(60, 10);
  no_number(40, 19) = std::numeric_limits<double>::quiet_NaN();
  CHECK(lp::solve_hermitian(tiled(no_number, 16), B, X, two).iterations < 0);
  CHECK(std::isnan(std::as_const(X)(59, 0)));
  try {
    lp::solve_hermitian(lp::TiledMatrix<double>(60, 60, 16), B, X, two);
    FAIL("no error");
  } catch (const lp::factorization_error& error) {
    CHECK(error.info() == 1);
  }
}

TEST_CASE("ldl and solve_hermitian: the same bits on every executor", "[algorithm]") {
  const auto a = indefinite<double>(50, 1e3), q = quasi_definite<double>(50);
  const auto B = tiled(random_tile<double>(50, 9), 16);
  const auto results = [&](const auto& executor) {
    auto L = tiled(q, 16), Y = B;
    lp::ldl(L, executor);
    lp::ldl_solve(L, Y, executor);
    lp::TiledMatrix<double> X(50, 9, 16);
    lp::solve_hermitian(tiled(a, 16), B, X, executor);
    return std::vector{L.to_dense(), Y.to_dense(), X.to_dense()};
  };
  const auto expected = results(lp::sequential{});
  for (const int workers : {1, 3}) {
    const auto found = results(lp::threads{workers});
    for (std::size_t k = 0; k < found.size(); ++k)
      CHECK(matrices::same_bits(found[k], expected[k]));
  }
}

}  // namespace hermitian_test
