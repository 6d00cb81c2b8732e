// Cholesky and LU factorizations and their solves, judged as LAPACK's own tests do.
#include <catch2/catch.hpp>
#include <filesystem>

#include <Eigen/Dense>
#include <lambdapack/algorithm/calu.hpp>
#include <lambdapack/algorithm/cholesky.hpp>
#include <lambdapack/algorithm/lu.hpp>

#include "algorithm/matrices.hpp"

namespace factorizations_test {

using lp::Op;
using matrices::Dense;
using matrices::of_condition;
using matrices::one_norm;
using matrices::random_tile;
using matrices::ratio;
using matrices::said;
using matrices::threshold;
using matrices::tiled;

namespace fortran {

#define DECLARE(T, t)                                                         \
  void potrf(const char* part, const int* n, T* a, const int* lda, int* info, \
             std::size_t) __asm__(#t "potrf_");                               \
  void getrf(const int* m, const int* n, T* a, const int* lda, int* pivots,   \
             int* info) __asm__(#t "getrf_");

DECLARE(float, s)
DECLARE(double, d)
DECLARE(std::complex<float>, c)
DECLARE(std::complex<double>, z)
#undef DECLARE

}  // namespace fortran

namespace {

const lp::threads two{2};

template <lp::Scalar T>
struct Factored {
  Dense<T> a;
  lp::Lu lu;
};

enum class Pivoting { partial, tournament };

template <lp::Scalar T, class E = lp::threads>
Factored<T> factored(const Dense<T>& a, std::int64_t tile, Pivoting pivoting,
                     const E& executor = two) {
  auto A = tiled(a, tile);
  lp::Lu lu = pivoting == Pivoting::partial ? lp::lu(A, executor) : lp::calu(A, executor);
  return {A.to_dense(), std::move(lu)};
}

/// P^T L U, by exchanging rows as LAPACK's pivots say, the last one first.
template <lp::Scalar T>
Dense<T> put_together(const Factored<T>& f) {
  const auto l = matrices::lower_trapezoid(f.a, true), u = matrices::upper_trapezoid(f.a);
  auto product = matrices::product(Dense<T>::zeros(f.a.rows(), f.a.cols()), T(1), l, u);
  for (auto s = static_cast<std::int64_t>(f.lu.pivots.size()) - 1; s >= 0; --s)
    for (std::int64_t j = 0; j < product.cols(); ++j)
      std::swap(product(s, j), product(f.lu.pivots[static_cast<std::size_t>(s)] - 1, j));
  return product;
}

template <lp::Scalar T>
Dense<T> difference_of(Dense<T> a, const Dense<T>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a.data()[i] -= b.data()[i];
  return a;
}

/// ||A - P^T L U|| / (n ||A|| eps).
template <lp::Scalar T>
double lu_ratio(const Dense<T>& a, const Factored<T>& f) {
  return ratio(difference_of(a, put_together(f)), a.cols(), one_norm(a));
}

/// ||A - L L^H|| / (n ||A|| eps), of the lower triangles.
template <lp::Scalar T>
double cholesky_ratio(const Dense<T>& a, const Dense<T>& l_and_more) {
  const auto l = reference::lower_part(l_and_more);
  const auto zero = Dense<T>::zeros(a.rows(), a.cols());
  const auto product = matrices::product(zero, T(1), l, reference::adjoint(l));
  return ratio(difference_of(reference::lower_part(a), reference::lower_part(product)), a.rows(),
               one_norm(a));
}

/// D B D with D from 1 to 1e-7 and B of condition 10: of condition 1e14 or so.
Dense<double> graded(std::int64_t n) {
  auto a = of_condition<double>(n, 10);
  const auto d = [&](std::int64_t i) {
    return std::pow(1e-7, static_cast<double>(i) / static_cast<double>(n - 1));
  };
  for (std::int64_t j = 0; j < n; ++j)
    for (std::int64_t i = 0; i < n; ++i) a(i, j) *= d(i) * d(j);
  return a;
}

/// LAPACK's factors, pivots and info.
template <lp::Scalar T>
Factored<T> lapack_lu(Dense<T> a) {
  const int m = static_cast<int>(a.rows()), n = static_cast<int>(a.cols()), lda = std::max(m, 1);
  std::vector<int> found(static_cast<std::size_t>(std::min(m, n)) + 1);
  int info = 0;
  fortran::getrf(&m, &n, a.data(), &lda, found.data(), &info);
  return {std::move(a), {lp::TileArray<lp::Pivots>(), {found.begin(), found.end() - 1}, info, {}}};
}

/// LAPACK's info of a Cholesky factorization, and ours.
template <lp::Scalar T>
std::pair<std::int64_t, std::int64_t> cholesky_infos(const Dense<T>& a, std::int64_t tile) {
  auto copy = a;
  const int n = static_cast<int>(a.rows());
  int info = 0;
  fortran::potrf("L", &n, copy.data(), &n, &info, 1);
  auto A = tiled(a, tile);
  try {
    lp::cholesky(A, two);
  } catch (const lp::factorization_error& error) {
    return {info, error.info()};
  }
  return {info, 0};
}

}  // namespace

TEMPLATE_TEST_CASE("cholesky: residuals, LAPACK's answer, what is above the diagonal",
                   "[algorithm]", SCALARS) {
  using T = TestType;
  for (const auto& [n, tile] :
       {std::pair{0, 4}, {1, 4}, {4, 4}, {17, 5}, {31, 40}, {97, 16}, {150, 64}}) {
    CAPTURE(n, tile);
    const auto a = reference::random_positive_definite<T>(n);
    auto A = tiled(a, tile), X = tiled(random_tile<T>(n, 7), tile, 3);
    const auto b = X.to_dense();
    lp::cholesky(A, two);
    lp::cholesky_solve(A, X, two);
    const auto l = A.to_dense();
    auto full = reference::lower_part(a), expected = a;
    bool above_is_left_alone = true;
    for (std::int64_t j = 0; j < n; ++j)
      for (std::int64_t i = 0; i < j; ++i) {
        above_is_left_alone = above_is_left_alone && std::isnan(std::real(l(i, j)));
        full(i, j) = reference::conj(full(j, i));
      }
    CHECK(above_is_left_alone);
    if (n == 0) continue;
    CHECK(cholesky_ratio(full, l) < threshold);
    CHECK(matrices::solve_ratio(full, X.to_dense(), b) < threshold);
    int info = 0;
    const int order = n;
    fortran::potrf("L", &order, expected.data(), &order, &info, 1);
    CHECK(reference::difference(reference::lower_part(l), reference::lower_part(expected)) <=
          reference::rounding<T>(n));
  }
}

TEST_CASE("cholesky: conditions up to 1e14", "[algorithm]") {
  for (const auto& a :
       {of_condition<double>(60, 1e3), of_condition<double>(60, 1e13), graded(60)}) {
    auto A = tiled(a, 16), X = tiled(random_tile<double>(60, 2), 16);
    const auto b = X.to_dense();
    lp::cholesky(A, two);
    lp::cholesky_solve(A, X, two);
    CHECK(cholesky_ratio(a, A.to_dense()) < threshold);
    CHECK(matrices::solve_ratio(a, X.to_dense(), b) < threshold);
  }
}

TEST_CASE("cholesky: info is LAPACK's, and the sentence has it", "[algorithm]") {
  const auto good = of_condition<double>(23, 10);
  CHECK(cholesky_infos(good, 5) == std::pair<std::int64_t, std::int64_t>(0, 0));
  for (const std::int64_t row : {0, 4, 5, 13, 22}) {
    auto bad = good;
    bad(row, row) = -1;
    const auto [expected, found] = cholesky_infos(bad, 5);
    CHECK(expected == row + 1);
    CHECK(found == expected);
  }
  auto A = tiled(good, 5);
  A(13, 13) = -1;
  const std::string sentence = said<lp::factorization_error>([&] { lp::cholesky(A, two); });
  CHECK_THAT(sentence, Catch::Contains("potrf[k=2]") && Catch::Contains("global row 13") &&
                           Catch::Contains("not positive definite") &&
                           Catch::EndsWith("(info of ?potrf: 14)"));
}

TEMPLATE_TEST_CASE("lu and calu: residuals over shapes, pivots of LAPACK, solutions", "[algorithm]",
                   SCALARS) {
  using T = TestType;
  struct Shape {
    std::int64_t m, n, tile;
  };
  for (const Shape s :
       {Shape{0, 0, 4}, Shape{0, 3, 4}, Shape{1, 1, 4}, Shape{31, 31, 40}, Shape{97, 97, 16},
        Shape{50, 50, 25}, Shape{41, 1, 8}, Shape{1, 41, 8}, Shape{103, 37, 16}, Shape{37, 103, 16},
        Shape{7, 5, 2}, Shape{5, 7, 2}, Shape{130, 130, 100}, Shape{64, 40, 8}, Shape{40, 61, 8}})
    for (const Pivoting pivoting : {Pivoting::partial, Pivoting::tournament}) {
      CAPTURE(s.m, s.n, s.tile, static_cast<int>(pivoting));
      const auto a = random_tile<T>(s.m, s.n);
      const auto found = factored(a, s.tile, pivoting);
      CHECK(found.lu.info == 0);
      CHECK(found.lu.pivots.size() == static_cast<std::size_t>(std::min(s.m, s.n)));
      CHECK(lu_ratio(a, found) < threshold);
      if (pivoting == Pivoting::partial) {
        const auto expected = lapack_lu(a);
        CHECK(found.lu.pivots == expected.lu.pivots);
        CHECK(matrices::ratio(difference_of(found.a, expected.a), s.n, one_norm(a)) <
              50 * threshold);
      }
      if (s.m != s.n || s.m == 0) continue;
      const auto b = random_tile<T>(s.m, 5);
      for (const Op op : {Op::none, Op::transpose, Op::adjoint}) {
        auto X = tiled(b, s.tile, 2);
        lp::lu_solve(tiled(found.a, s.tile), found.lu, X, op, two);
        CHECK(matrices::solve_ratio(matrices::transposed(op, a), X.to_dense(), b) < threshold);
      }
    }
}

TEST_CASE("lu and calu: conditions up to 1e14, and scales from 1e-150 to 1e150", "[algorithm]") {
  std::vector<Dense<double>> all{of_condition<double>(70, 1e14), graded(70),
                                 of_condition<double>(70, 1)};
  for (const double scale : {1e-150, 1e150}) {
    all.push_back(random_tile<double>(70, 70));
    for (std::size_t i = 0; i < all.back().size(); ++i) all.back().data()[i] *= scale;
  }
  for (const auto& a : all)
    for (const Pivoting pivoting : {Pivoting::partial, Pivoting::tournament}) {
      const auto found = factored(a, 16, pivoting);
      const auto b = random_tile<double>(70, 1);
      auto X = tiled(b, 16);
      lp::lu_solve(tiled(found.a, 16), found.lu, X, Op::none, two);
      CHECK(lu_ratio(a, found) < threshold);
      CHECK(matrices::solve_ratio(a, X.to_dense(), b) < threshold);
    }
}

TEST_CASE("lu and calu of a singular matrix: complete, with LAPACK's info", "[algorithm]") {
  for (const auto& zeros :
       std::vector<std::vector<std::int64_t>>{{0}, {19}, {8, 13}, {9}, {0, 1, 2}})
    for (const Pivoting pivoting : {Pivoting::partial, Pivoting::tournament}) {
      auto a = random_tile<double>(20, 20);
      for (const std::int64_t j : zeros)
        for (std::int64_t i = 0; i < 20; ++i) a(i, j) = 0;
      CAPTURE(zeros.front(), static_cast<int>(pivoting));
      const auto found = factored(a, 6, pivoting);
      CHECK(found.lu.info == zeros.front() + 1);
      CHECK(found.lu.info == lapack_lu(a).lu.info);
      CHECK(lu_ratio(a, found) < threshold);
      lp::TiledMatrix<double> X(20, 1, 6);
      CHECK(said<lp::factorization_error>(
                [&] { lp::lu_solve(tiled(found.a, 6), found.lu, X, Op::none, two); }) ==
            "lambdapack: lu_solve: A is exactly singular: U has a zero on its diagonal in row " +
                std::to_string(found.lu.info) +
                ", counted from 1 (info of ?getrf); the system has no solution or many, of which a "
                "least squares solver finds one");
    }
  const auto zero = Dense<double>::zeros(9, 5);
  for (const Pivoting pivoting : {Pivoting::partial, Pivoting::tournament}) {
    const auto found = factored(zero, 2, pivoting);
    CHECK(found.lu.info == 1);
    CHECK(reference::difference(found.a, zero) == 0);
  }
}

TEST_CASE("factorizations: the same bits on every executor", "[algorithm]") {
  const auto a = random_tile<double>(150, 150), spd = of_condition<double>(90, 100);
  const auto results = [&](const auto& executor) {
    auto L = tiled(spd, 16), X = tiled(a, 16);
    lp::cholesky(L, executor);
    const auto f = factored(a, 16, Pivoting::partial, executor);
    const auto g = factored(a, 16, Pivoting::tournament, executor);
    lp::lu_solve(tiled(f.a, 16), f.lu, X, Op::transpose, executor);
    return std::vector{L.to_dense(), f.a, g.a, X.to_dense()};
  };
  const auto expected = results(lp::sequential{});
  for (const int workers : {1, 2, 3}) {
    const auto found = results(lp::threads{workers});
    for (std::size_t k = 0; k < found.size(); ++k)
      CHECK(matrices::same_bits(found[k], expected[k]));
  }
}

TEST_CASE("factorizations take matrices of Eigen and files", "[algorithm]") {
  Eigen::MatrixXd A = Eigen::MatrixXd::Random(50, 50), b = Eigen::MatrixXd::Random(50, 2);
  Eigen::MatrixXd F = A, x = b;
  const lp::Lu factors = lp::lu(lp::map(F, 16));
  lp::lu_solve(lp::map(std::as_const(F), 16), factors, lp::map(x, 16));
  CHECK((A * x - b).norm() < 1e-10);

  const auto path = std::filesystem::temp_directory_path() / "lambdapack_cholesky_test.npy";
  const auto spd = of_condition<double>(40, 10);
  lp::write_npy(path.string(), tiled(spd, 16));
  lp::cholesky(lp::npy<double>(path.string(), 16), two);
  CHECK(cholesky_ratio(spd, lp::read_npy<double>(path.string(), 16).to_dense()) < threshold);
  std::filesystem::remove(path);
}

TEST_CASE("factorizations say what does not fit, and what to do", "[algorithm]") {
  lp::TiledMatrix<double> wide(4, 6, 2), oblong(6, 6, 2, 3), square(6, 6, 2), B(5, 1, 2);
  CHECK(said<lp::input_error>([&] { lp::cholesky(wide); }) ==
        "lambdapack: cholesky: A is a matrix in memory (4 x 6 float64 in tiles of 2 x 2), but it "
        "must "
        "be square, in square tiles; pass a square matrix, and one tile size for its rows and "
        "columns "
        "[lp-E009]");
  CHECK(said<lp::input_error>([&] { lp::lu(oblong); }) ==
        "lambdapack: lu: A is a matrix in memory (6 x 6 float64 in tiles of 2 x 3), but its tiles "
        "must "
        "be square, of one size but for the last; cut its rows and its columns alike [lp-E009]");
  using Catch::Contains;
  CHECK_THAT(said<lp::input_error>([&] { lp::cholesky(oblong); }), Contains("in square tiles"));
  CHECK_THAT(said<lp::input_error>([&] { lp::calu(oblong); }), Contains("calu: A is"));
  CHECK_THAT(said<lp::input_error>([&] { lp::cholesky_solve(square, B); }),
             Contains("B must have as many rows as L"));
  const lp::Lu of_wide = lp::lu(wide), of_square = lp::lu(square);
  CHECK_THAT(said<lp::input_error>([&] { lp::lu_solve(square, of_square, B); }),
             Contains("B must have as many rows as A"));
  CHECK_THAT(said<lp::input_error>([&] { lp::lu_solve(wide, of_wide, B); }),
             Contains("must be square"));
  lp::TiledMatrix<double> X(6, 1, 2);
  CHECK_THAT(said<lp::input_error>([&] { lp::lu_solve(square, of_wide, X); }),
             Contains("the factors are of 4 rows; pass what lp::lu returned for this matrix"));
}

TEST_CASE("lu and calu take tiles that are square but for one that holds all rows or columns",
          "[algorithm]") {
  struct Cut {
    std::int64_t m, n, tile_rows, tile_cols;
  };
  const auto check = [](const Dense<double>& a, const Cut& c, auto factor) {
    auto A = lp::TiledMatrix<double>::from(a.data(), c.m, c.n, c.m, c.tile_rows, c.tile_cols);
    const lp::Lu lu = factor(A);
    CHECK(lu_ratio(a, {A.to_dense(), lu}) < threshold);
  };
  for (const Cut c : {Cut{10, 10, 16, 32}, Cut{10, 50, 32, 16}, Cut{50, 10, 16, 32}}) {
    CAPTURE(c.m, c.n);
    const auto a = random_tile<double>(c.m, c.n);
    check(a, c, [](auto& A) { return lp::lu(A, two); });
    check(a, c, [](auto& A) { return lp::calu(A, two); });
  }
  lp::TiledMatrix<double> wide(10, 50, 32, 8);
  CHECK_THROWS_AS(lp::lu(wide), lp::input_error);
}

namespace {

/// Tiles of the lower triangle (or all) of `a`, cut after these numbers of rows and columns; the
/// others are empty.
lp::TileArray<double> cut(const Dense<double>& a, const std::vector<std::int64_t>& rows,
                          const std::vector<std::int64_t>& cols, bool lower) {
  const auto m = static_cast<std::int64_t>(rows.size()), n = static_cast<std::int64_t>(cols.size());
  lp::TileArray<double> tiles({m, n});
  std::int64_t first_row = 0;
  for (std::int64_t i = 0; i < m; ++i) {
    const std::int64_t height = rows[static_cast<std::size_t>(i)];
    std::int64_t first_col = 0;
    for (std::int64_t j = 0; j < (lower ? i + 1 : n); ++j) {
      const std::int64_t width = cols[static_cast<std::size_t>(j)];
      Dense<double> tile(height, width);
      for (std::int64_t q = 0; q < width; ++q)
        for (std::int64_t p = 0; p < height; ++p) tile(p, q) = a(first_row + p, first_col + q);
      tiles(i, j) = std::move(tile);
      first_col += width;
    }
    first_row += height;
  }
  return tiles;
}

}  // namespace

TEST_CASE("cholesky and lu of arrays of tiles: info counts rows of the whole matrix",
          "[algorithm]") {
  const std::vector<std::int64_t> sizes{3, 5, 2, 4};
  const auto good = of_condition<double>(14, 10);
  auto L = cut(good, sizes, sizes, true);
  lp::cholesky(L, two);
  auto expected = tiled(good, 14);
  lp::cholesky(expected, two);
  CHECK(std::abs(L(2, 1)(1, 4) - expected(9, 7)) < 1e-14);
  for (const std::int64_t row : {0, 2, 3, 7, 8, 13}) {
    auto bad = good;
    bad(row, row) = -1;
    auto A = cut(bad, sizes, sizes, true);
    try {
      lp::cholesky(A, two);
      FAIL("no error");
    } catch (const lp::factorization_error& error) {
      CHECK(error.info() == row + 1);
      CHECK_THAT(error.what(), Catch::Contains("global row " + std::to_string(row) + ":"));
    }
  }
  auto singular = random_tile<double>(14, 14);
  for (std::int64_t i = 0; i < 14; ++i) singular(i, 8) = 0;
  auto A = cut(singular, {4, 4, 4, 2}, {4, 4, 4, 2}, false);
  const lp::Lu lu = lp::lu(A, two);
  CHECK(lu.info == 9);
  CHECK(lu.report.tasks > 0);
}

TEST_CASE("cholesky and lu refuse arrays of tiles that are not square", "[algorithm]") {
  const auto a = of_condition<double>(6, 10);
  auto A = cut(a, {2, 2, 2}, {3, 3}, false);
  CHECK(said<lp::input_error>([&] { lp::cholesky(A); }) ==
        "lambdapack: cholesky: A is an array in memory (tiles of float64, extents (3, 2)) of 2 + 2 "
        "+ 2 rows and 3 + 3 columns, but it must be square, in square tiles; pass a square matrix, "
        "and one tile size for its rows and columns [lp-E009]");
  auto B = cut(random_tile<double>(6, 9), {2, 2, 2}, {3, 3, 3}, false);
  CHECK_THROWS_AS(lp::cholesky(B), lp::input_error);
  CHECK_THAT(said<lp::input_error>([&] { lp::lu(B); }), Catch::Contains("tiles must be square"));
  auto uneven = cut(a, {1, 3, 2}, {1, 3, 2}, false);
  CHECK_THAT(said<lp::input_error>([&] { lp::lu(uneven); }), Catch::Contains("of one size"));
  auto C = cut(random_tile<double>(6, 2), {2, 2, 2}, {2}, false);
  lp::TileArray<double> unknown({2, 2});
  auto square = cut(a, {3, 3}, {3, 3}, false);
  CHECK_THAT(said<lp::input_error>([&] { lp::cholesky_solve(square, C); }),
             Catch::Contains("B must have as many rows as L"));
  CHECK_NOTHROW(lp::cholesky_solve(square, unknown));
}

}  // namespace factorizations_test
