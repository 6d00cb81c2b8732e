// QR, its Q, and least squares, checked as LAPACK checks itself: scaled residuals under 30.
#include "lambdapack/algorithm/qr.hpp"

#include <Eigen/Core>
#include <catch2/catch.hpp>
#include <complex>
#include <limits>
#include <string>

#include "algorithm/matrices.hpp"
#include "lambdapack/algorithm/least_squares.hpp"
#include "lambdapack/algorithm/svd.hpp"
#include "lambdapack/algorithm/tsqr.hpp"
#include "support/folder.hpp"
#include "support/sanitizer.hpp"

namespace qr_test {

using lp::QrTree;
using lp::TiledMatrix;
using namespace matrices;

namespace {

/// Square, tall, wide, one column, one row, one tile, prime sizes, tiles cut short, nothing.
const Shape shapes[] = {{48, 48, 16}, {60, 24, 12}, {24, 60, 12}, {97, 1, 16},  {1, 7, 4},
                        {9, 9, 16},   {67, 41, 16}, {41, 67, 16}, {101, 13, 7}, {90, 80, 40},
                        {0, 5, 4},    {5, 0, 4},    {0, 0, 4}};

/// Factors A and checks A = Q R, Q^H Q = I, Q^H A = R and Q (Q^H A) = A.
template <lp::Scalar T>
void check(const Dense<T>& a, std::int64_t tile, lp::QrOptions options) {
  const auto A = tiled(a, tile);
  const auto f = lp::qr(A, options, lp::threads{2});
  const Dense<T> q = lp::form_q(f, lp::threads{2}).to_dense(), r = f.r().to_dense();
  CHECK(is_upper(r));
  CHECK(residual(a, product(q, r)) < threshold);
  CHECK(residual(identity<T>(q.cols(), q.cols()), product(adjoint(q), q), q.rows()) < threshold);
  auto C = A;
  f.apply_q_adjoint(C, {}, lp::threads{2});
  CHECK(residual(product(identity<T>(a.rows(), r.rows()), r), C.to_dense()) < threshold);
  f.apply_q(C, {}, lp::sequential{});
  CHECK(residual(a, C.to_dense()) < threshold);
}

template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;

template <lp::Scalar T>
Matrix<T> eigen(const Dense<T>& a) {
  return Eigen::Map<const Matrix<T>>(a.data(), a.rows(), a.cols());
}

}  // namespace

TEMPLATE_TEST_CASE("qr by a flat tree, and by shape", "[algorithm]", SCALARS) {
  using T = TestType;
  for (const Shape s : shapes) {
    CAPTURE(s.rows, s.cols, s.tile);
    check<T>(random_tile<T>(s.rows, s.cols), s.tile, {QrTree::flat});
    check<T>(random_tile<T>(s.rows, s.cols), s.tile, {});
  }
}

TEST_CASE("qr by trees", "[algorithm]") {
  for (const QrTree tree : {QrTree::binary, QrTree::flat_trees})
    for (const Shape s : shapes) {
      CAPTURE(s.rows, s.cols, s.tile, static_cast<int>(tree));
      check<double>(random_tile<double>(s.rows, s.cols), s.tile, {tree, 3});
    }
}

TEMPLATE_TEST_CASE("tsqr of one column of tiles, square or high", "[algorithm]", SCALARS) {
  using T = TestType;
  for (const std::int64_t rows : {7, 20, 45, 160, 211})
    for (const std::int64_t domain : {1, 3}) {
      CAPTURE(rows, domain);
      const Dense<T> a = random_tile<T>(rows, 7);
      const auto A = tiled(a, 20, 7);
      const auto f = lp::tsqr(A, {QrTree::flat_trees, domain}, lp::threads{2});
      const Dense<T> q = lp::form_q(f).to_dense(), r = f.r().to_dense();
      CHECK(residual(a, product(q, r)) < threshold);
      CHECK(residual(identity<T>(7, 7), product(adjoint(q), q), rows) < threshold);
    }
}

TEST_CASE("qr, tsqr and least squares of matrices without elements, in any tiles", "[algorithm]") {
  struct Tiles {
    std::int64_t rows, cols;
  };
  for (const auto& [rows, cols] : {Tiles{5, 0}, {1, 0}, {0, 5}, {0, 2}, {0, 1}, {0, 0}})
    for (const Tiles tile : {Tiles{7, 3}, {2, 1}, {1, 2}, {3, 7}, {4, 4}, {2, 5}}) {
      CAPTURE(rows, cols, tile.rows, tile.cols);
      const TiledMatrix<double> A(rows, cols, tile.rows, tile.cols);
      const auto check_factors = [&, m = rows, n = cols](const auto& f) {
        const TiledMatrix<double> r = f.r(), q = f.form_q();
        CHECK((r.rows() == 0 && r.cols() == n));
        CHECK((q.rows() == m && q.cols() == 0));
        const Dense<double> c = random_tile<double>(m, 3), d = random_tile<double>(3, m);
        auto C = tiled(c, tile.rows), D = tiled(d, 2, tile.rows);
        f.apply_q(C);
        f.apply_q_adjoint(C, lp::Side::left, lp::sequential{});
        f.apply_q(D, lp::Side::right);
        f.apply_q_adjoint(D, lp::Side::right);
        CHECK(same_bits(C.to_dense(), c));
        CHECK(same_bits(D.to_dense(), d));
      };
      for (const QrTree tree :
           {QrTree::automatic, QrTree::flat, QrTree::binary, QrTree::flat_trees}) {
        CAPTURE(static_cast<int>(tree));
        check_factors(lp::qr(A, {tree, 3}));
        check_factors(lp::tsqr(A, {tree, 3}));
        const auto X = lp::least_squares(A, tiled(random_tile<double>(rows, 3), tile.rows), {tree});
        CHECK((X.rows() == cols && X.cols() == 3));
        CHECK(residual(Dense<double>::zeros(cols, 3), X.to_dense()) == 0);
      }
    }
  CHECK_THROWS_AS(lp::qr(TiledMatrix<double>(5, 0, 7, 3), {QrTree::flat, 0}), lp::input_error);
}

TEMPLATE_TEST_CASE("qr of badly conditioned, tiny and huge matrices", "[algorithm]", SCALARS) {
  using T = TestType;
  using R = lp::real_t<T>;
  for (const double condition : {1e4, 1e8, 1e14})
    check<T>(matrices::of_condition<T>(50, 30, condition), 16, {});
  const R tiny = std::numeric_limits<R>::min() * 64, huge = std::numeric_limits<R>::max() / 4096;
  check<T>(scaled(random_tile<T>(40, 20), huge), 16, {});
  const Dense<T> a = random_tile<T>(40, 20);
  const Dense<T> r = lp::qr(tiled(a, 16)).r().to_dense();
  const Dense<T> small = scaled(lp::qr(tiled(scaled(a, tiny), 16)).r().to_dense(), 1 / tiny);
  CHECK(residual(r, small) < 1000);
  check<T>(Dense<T>::zeros(20, 10), 8, {});
}

TEMPLATE_TEST_CASE("qr gives the same bits on all executors", "[algorithm]", SCALARS) {
  using T = TestType;
  const auto A = tiled(random_tile<T>(130, 70), 32);
  const auto column = tiled(random_tile<T>(200, 20), 20);
  const auto expected = lp::qr(A, {}, lp::sequential{}).tiles().to_dense();
  const auto tree = lp::qr(column, {}, lp::sequential{}).tiles().to_dense();
  for (const int workers : {1, 2, 3}) {
    CHECK(same_bits(lp::qr(A, {}, lp::threads{workers}).tiles().to_dense(), expected));
    CHECK(same_bits(lp::qr(column, {}, lp::threads{workers}).tiles().to_dense(), tree));
  }
}

TEMPLATE_TEST_CASE("least squares agrees with LAPACK's gels", "[algorithm]", SCALARS) {
  using T = TestType;
  for (const Shape s : {Shape{60, 25, 16}, Shape{25, 60, 16}, Shape{40, 40, 16}, Shape{31, 1, 8},
                        Shape{1, 31, 8}, Shape{200, 9, 9}}) {
    CAPTURE(s.rows, s.cols, s.tile);
    const Dense<T> a = random_tile<T>(s.rows, s.cols), b = random_tile<T>(s.rows, 3);
    const auto X = lp::least_squares(tiled(a, s.tile), tiled(b, s.tile, 2));
    const Dense<T> expected = matrices::gels<T>(a, b);
    CHECK(residual(expected, X.to_dense()) < 1000);
  }
}

TEST_CASE("the programs run on arrays, and qr takes Eigen's matrices and files", "[algorithm]") {
  const Dense<double> original = random_tile<double>(50, 30);
  Matrix<double> a = eigen(original);
  const auto f = lp::qr(lp::map(a, 16));
  const Dense<double> r = f.r().to_dense();
  CHECK(a == eigen(original));
  CHECK(same_bits(lp::qr(tiled(original, 16)).r().to_dense(), r));
  const test_support::Folder folder;
  const std::string path = folder.file("a.npy");
  lp::write_npy(path, tiled(original, 16));
  CHECK(same_bits(lp::qr(lp::npy<double>(path, 16)).r().to_dense(), r));
  TiledMatrix<double> F(4 * 9, 30, 9, 16);
  auto A = lp::map(a, 16);
  lp::run(lp::threads{2}, lp::algorithm::qr_flat<double>, A, F);
  Dense<double> upper(30, 30);
  for (std::int64_t j = 0; j < 30; ++j)
    for (std::int64_t i = 0; i < 30; ++i) upper(i, j) = i <= j ? a(i, j) : 0;
  CHECK(residual(r, upper) < threshold);
}

TEST_CASE("the orthogonal fronts say which shapes they need", "[algorithm]") {
  const TiledMatrix<double> flat_tiles(9, 8, 4, 2), A(9, 8, 4), wide(3, 9, 4), zeros(6, 4, 2);
  CHECK(said<lp::error>([&] { lp::qr(flat_tiles); }) ==
        "qr: A is 9 x 8 in tiles of 4 x 2, but it needs square tiles, or one column of tiles that "
        "are at least as high as A is wide; cut rows and columns alike");
  CHECK(said<lp::error>([&] {
          lp::qr(A, {QrTree::flat, 0});
        }) == "qr: the domain is 0, but a flat tree is over 1 tile at least; pass 4, for example");
  CHECK(said<lp::error>([&] { lp::tsqr(A); }) ==
        "tsqr: A is 9 x 8 in tiles of 4 x 4, but it needs one column of tiles that are at least as "
        "high as A is wide; cut it so, or call lp::qr");
  const auto expected = [](const std::string& call, const std::string& name,
                           const std::string& shape, const std::string& rows) {
    return "lambdapack: " + call + ": " + name + " is a matrix in memory (" + shape +
           " float64 in tiles of 4 x 4), but it needs 9 " + rows +
           " in tiles of 4, as the rows of the matrix that is factored; cut its " + rows +
           " alike [lp-E009]";
  };
  auto C = wide;
  TiledMatrix<double> D(9, 3, 4);
  CHECK(said<lp::error>([&] { lp::qr(A).apply_q(C); }) ==
        expected("apply_q", "C", "3 x 9", "rows"));
  CHECK(said<lp::error>([&] { lp::qr(A).apply_q_adjoint(C); }) ==
        expected("apply_q_adjoint", "C", "3 x 9", "rows"));
  CHECK(said<lp::error>([&] { lp::qr(A).apply_q(D, lp::Side::right); }) ==
        expected("apply_q", "C", "9 x 3", "columns"));
  CHECK(said<lp::error>([&] { lp::least_squares(A, wide); }) ==
        expected("least_squares", "B", "3 x 9", "rows"));
  TiledMatrix<double> square(4, 4, 4), no_inner_block(1, 4, 1, 4);
  CHECK_THAT(said<lp::error>([&] {
               lp::run(lp::sequential{}, lp::algorithm::qr_flat<double>, square, no_inner_block);
             }),
             Catch::Contains("geqrt: T is 1 x 4, but it needs 4 columns and at least 2 rows, one "
                             "more than the inner block; cut the columns of its matrix as those of "
                             "the matrix that is factored"));
}

TEST_CASE("least squares of a matrix without full rank: LAPACK's info", "[algorithm]") {
  for (const bool wide : {false, true})
    for (const std::int64_t column : {0, 3, 4, 7}) {
      CAPTURE(wide, column);
      Dense<double> a = random_tile<double>(13, 8);
      for (std::int64_t i = 0; i < 13; ++i) {
        a(i, column) = 0;
        if (column == 4) a(i, 7) = 0;
      }
      if (wide) a = adjoint(a);
      const Dense<double> b = random_tile<double>(a.rows(), 2);
      try {
        lp::least_squares(tiled(a, 3), tiled(b, 3));
        FAIL("no error");
      } catch (const lp::factorization_error& error) {
        CHECK(error.info() == column + 1);
        CHECK_THAT(
            error.what(),
            Catch::Contains(std::string("lambdapack: least_squares: A has not full rank: ") +
                            (wide ? "L" : "R") + " has a zero on its diagonal in row " +
                            std::to_string(column + 1) + ", counted from 1 (info of ?gels)"));
      }
    }
}

// Under a sanitizer the analysis of these programs takes minutes, and is that of every type.
#ifdef LAMBDAPACK_UNDER_ADDRESS_SANITIZER
#define SCALARS_FROM_THE_RIGHT std::complex<double>
#else
#define SCALARS_FROM_THE_RIGHT SCALARS
#endif
TEMPLATE_TEST_CASE("Q from the right: C Q and C Q^H, for each tree", "[algorithm]",
                   SCALARS_FROM_THE_RIGHT) {
  using T = TestType;
  const auto check_right = [](const auto& f, std::int64_t rows, std::int64_t tile) {
    auto Q = tiled(identity<T>(rows, rows), tile);
    f.apply_q(Q, {}, lp::threads{2});
    const Dense<T> q = Q.to_dense(), c = random_tile<T>(17, rows);
    auto C = tiled(c, 5, tile);
    f.apply_q(C, lp::Side::right, lp::threads{2});
    CHECK(residual(product(c, q), C.to_dense()) < threshold);
    f.apply_q_adjoint(C, lp::Side::right, lp::sequential{});
    CHECK(residual(c, C.to_dense()) < threshold);
  };
  for (const Shape s : {Shape{48, 48, 16}, Shape{60, 24, 12}, Shape{24, 60, 12}, Shape{67, 41, 16},
                        Shape{9, 9, 16}, Shape{5, 0, 4}}) {
    CAPTURE(s.rows, s.cols, s.tile);
    check_right(lp::qr(tiled(random_tile<T>(s.rows, s.cols), s.tile), {QrTree::flat}), s.rows,
                s.tile);
  }
  check_right(lp::tsqr(tiled(random_tile<T>(211, 7), 20), {QrTree::flat_trees, 3}), 211, 20);
  // Most of the time goes into the analysis, which is that of every type.
  if constexpr (std::is_same_v<T, double>)
    check_right(lp::qr(tiled(random_tile<T>(67, 41), 16), {QrTree::flat_trees, 2}), 67, 16);
}

TEMPLATE_TEST_CASE("the orthogonal fronts take and fill files", "[algorithm]", double,
                   std::complex<float>) {
  using T = TestType;
  const test_support::Folder folder;
  const Dense<T> a = random_tile<T>(50, 30), b = random_tile<T>(50, 3);
  const auto A = tiled(a, 16), B = tiled(b, 16, 2);
  const auto f = lp::qr(A);
  auto C = B;
  f.apply_q_adjoint(C);
  const auto with = [&](const auto& file_a, auto file_b, const auto& again) {
    const auto g = lp::qr(file_a);
    CHECK(same_bits(g.r().to_dense(), f.r().to_dense()));
    CHECK(g.apply_q_adjoint(file_b).tasks > 0);
    CHECK(same_bits(again().to_dense(), C.to_dense()));
    g.apply_q(file_b, lp::Side::left, lp::sequential{});
    CHECK(residual(b, again().to_dense()) < threshold);
    CHECK(residual(lp::least_squares(A, B).to_dense(),
                   lp::least_squares(file_a, file_b).to_dense()) < 1000);
    CHECK(lp::singular_values(file_a) == lp::singular_values(A));
    CHECK(same_bits(lp::svd(file_a).u.to_dense(), lp::svd(A).u.to_dense()));
  };
  const std::string npy_a = folder.file("a.npy"), npy_b = folder.file("b.npy");
  lp::write_npy(npy_a, A);
  lp::write_npy(npy_b, B);
  with(lp::npy<T>(npy_a, 16), lp::npy<T>(npy_b, 16, 2), [&] { return lp::read_npy<T>(npy_b, 16); });
  const std::string zarr_a = folder.file("a.zarr"), zarr_b = folder.file("b.zarr");
  lp::write_zarr(zarr_a, A, {.zstd = 3});
  lp::write_zarr(zarr_b, B);
  with(lp::zarr<T>(zarr_a), lp::zarr<T>(zarr_b), [&] { return lp::read_zarr<T>(zarr_b); });
  const auto tall = tiled(random_tile<T>(90, 6), 10);
  lp::write_zarr(zarr_a, tall);
  CHECK(same_bits(lp::tsqr(lp::zarr<T>(zarr_a)).r().to_dense(), lp::tsqr(tall).r().to_dense()));
  Matrix<T> c = eigen(b);
  f.apply_q_adjoint(lp::map(c, 16));
  CHECK(c == eigen(C.to_dense()));
}

TEST_CASE("the orthogonal fronts give the reports of their runs", "[algorithm]") {
  const auto A = tiled(random_tile<double>(50, 30), 16);
  const auto f = lp::qr(A, {}, lp::threads{1});
  CHECK(f.report().tasks == 11);
  CHECK(f.report().workers == 1);
  const auto d = lp::svd(A, lp::sequential{});
  REQUIRE(d.reports.size() > 3);
  for (const auto& report : d.reports) CHECK(report.program != nullptr);

  std::vector<lp::exec::Report> reports;
  const auto noting = lp::noting(reports, lp::threads{1});
  const auto s = lp::singular_values(A, noting);
  CHECK(s == lp::singular_values(A));
  REQUIRE(reports.size() == 3);
  for (const auto& report : reports) CHECK((report.tasks > 0 && report.workers == 1));
  reports.clear();
  const auto B = tiled(random_tile<double>(50, 3), 16);
  const auto X = lp::least_squares(A, B, {}, noting);
  CHECK(same_bits(X.to_dense(), lp::least_squares(A, B).to_dense()));
  REQUIRE(reports.size() == 3);
  CHECK(reports[0].tasks == 11);
}

}  // namespace qr_test
