// QR, its Q, and least squares, checked as LAPACK checks itself: scaled residuals under 30.
#include "lambdapack/algorithm/qr.hpp"

#include <unistd.h>

#include <Eigen/Dense>
#include <catch2/catch.hpp>
#include <complex>
#include <filesystem>
#include <functional>
#include <string>
#include <type_traits>

#include "algorithm/orthogonal.hpp"
#include "lambdapack/algorithm/least_squares.hpp"
#include "lambdapack/algorithm/svd.hpp"
#include "lambdapack/algorithm/tsqr.hpp"
#include "support/folder.hpp"

using lp::QrTree;
using lp::TiledMatrix;
using namespace orthogonal;

namespace {

/// Square, tall, wide, one column, one row, one tile, prime sizes, tiles cut short, nothing.
const Shape shapes[] = {{48, 48, 16}, {60, 24, 12}, {24, 60, 12}, {97, 1, 16},  {1, 7, 4},
                        {9, 9, 16},   {67, 41, 16}, {41, 67, 16}, {101, 13, 7}, {90, 80, 40},
                        {0, 5, 4},    {5, 0, 4},    {0, 0, 4}};

/// Factors A and checks A = Q R, Q^H Q = I, Q^H A = R and Q (Q^H A) = A.
template <lp::Scalar T>
void check(const Matrix<T>& a, std::int64_t tile, lp::QrOptions options) {
  const auto A = tiled<T>(a, tile);
  const auto f = lp::qr(A, options, lp::threads{2});
  const Matrix<T> q = eigen(lp::form_q(f, lp::threads{2})), r = eigen(f.r());
  CHECK(r.isUpperTriangular(0));
  CHECK(residual<T>(a, q * r) < threshold);
  CHECK(residual<T>(Matrix<T>::Identity(q.cols(), q.cols()), q.adjoint() * q, q.rows()) <
        threshold);
  auto C = A;
  f.apply_q_adjoint(C, {}, lp::threads{2});
  Matrix<T> expected = Matrix<T>::Zero(a.rows(), a.cols());
  expected.topRows(r.rows()) = r;
  CHECK(residual<T>(expected, eigen(C)) < threshold);
  f.apply_q(C, {}, lp::sequential{});
  CHECK(residual<T>(a, eigen(C)) < threshold);
}

std::string sentence_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const lp::error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEMPLATE_TEST_CASE("qr by a flat tree, and by shape", "[algorithm]", SCALARS) {
  using T = TestType;
  for (const Shape s : shapes) {
    CAPTURE(s.rows, s.cols, s.tile);
    check<T>(random<T>(s.rows, s.cols), s.tile, {QrTree::flat});
    check<T>(random<T>(s.rows, s.cols), s.tile, {});
  }
}

TEST_CASE("qr by trees", "[algorithm]") {
  for (const QrTree tree : {QrTree::binary, QrTree::flat_trees})
    for (const Shape s : shapes) {
      CAPTURE(s.rows, s.cols, s.tile, static_cast<int>(tree));
      check<double>(random<double>(s.rows, s.cols), s.tile, {tree, 3});
    }
}

TEMPLATE_TEST_CASE("tsqr of one column of tiles, square or high", "[algorithm]", SCALARS) {
  using T = TestType;
  for (const std::int64_t rows : {7, 20, 45, 160, 211})
    for (const std::int64_t domain : {1, 3}) {
      CAPTURE(rows, domain);
      const Matrix<T> a = random<T>(rows, 7);
      const auto A = TiledMatrix<T>::from(a.data(), rows, 7, rows, 20, 7);
      const auto f = lp::tsqr(A, {QrTree::flat_trees, domain}, lp::threads{2});
      const Matrix<T> q = eigen(lp::form_q(f)), r = eigen(f.r());
      CHECK(residual<T>(a, q * r) < threshold);
      CHECK(residual<T>(Matrix<T>::Identity(7, 7), q.adjoint() * q, rows) < threshold);
    }
}

TEMPLATE_TEST_CASE("qr of badly conditioned, tiny and huge matrices", "[algorithm]", SCALARS) {
  using T = TestType;
  using R = lp::real_t<T>;
  for (const double condition : {1e4, 1e8, 1e14})
    check<T>(orthogonal::of_condition<T>(50, 30, condition), 16, {});
  const R tiny = std::numeric_limits<R>::min() * 64, huge = std::numeric_limits<R>::max() / 4096;
  check<T>(random<T>(40, 20) * T(huge), 16, {});
  const Matrix<T> a = random<T>(40, 20);
  const Matrix<T> r = eigen(lp::qr(tiled<T>(a, 16)).r());
  const Matrix<T> small = eigen(lp::qr(tiled<T>(a * T(tiny), 16)).r()) / tiny;
  CHECK(residual<T>(r, small) < 1000);
  check<T>(Matrix<T>::Zero(20, 10), 8, {});
}

TEMPLATE_TEST_CASE("qr gives the same bits on all executors", "[algorithm]", SCALARS) {
  using T = TestType;
  const auto A = tiled<T>(random<T>(130, 70), 32);
  const auto column = tiled<T>(random<T>(200, 20), 20);
  const Matrix<T> expected = eigen(lp::qr(A, {}, lp::sequential{}).tiles());
  const Matrix<T> tree = eigen(lp::qr(column, {}, lp::sequential{}).tiles());
  for (const int workers : {1, 2, 3}) {
    CHECK(eigen(lp::qr(A, {}, lp::threads{workers}).tiles()) == expected);
    CHECK(eigen(lp::qr(column, {}, lp::threads{workers}).tiles()) == tree);
  }
}

TEMPLATE_TEST_CASE("least squares agrees with LAPACK's gels", "[algorithm]", SCALARS) {
  using T = TestType;
  for (const Shape s : {Shape{60, 25, 16}, Shape{25, 60, 16}, Shape{40, 40, 16}, Shape{31, 1, 8},
                        Shape{1, 31, 8}, Shape{200, 9, 9}}) {
    CAPTURE(s.rows, s.cols, s.tile);
    const Matrix<T> a = random<T>(s.rows, s.cols), b = random<T>(s.rows, 3);
    const auto X = lp::least_squares(tiled<T>(a, s.tile),
                                     TiledMatrix<T>::from(b.data(), s.rows, 3, s.rows, s.tile, 2));
    const Matrix<T> expected = orthogonal::gels<T>(a, b);
    CHECK(residual<T>(expected, eigen(X)) < 1000);
  }
}

TEST_CASE("the programs run on arrays, and qr takes Eigen's matrices and files", "[algorithm]") {
  Matrix<double> a = random<double>(50, 30);
  const Matrix<double> original = a;
  const auto f = lp::qr(lp::tiled(a, 16));
  CHECK(a == original);
  const auto path = std::filesystem::temp_directory_path() /
                    ("lambdapack_qr_test_" + std::to_string(::getpid()) + ".npy");
  lp::write_npy(path.string(), tiled<double>(a, 16));
  CHECK(eigen(lp::qr(lp::npy<double>(path.string(), 16)).r()) == eigen(f.r()));
  std::filesystem::remove(path);
  TiledMatrix<double> F(4 * 9, 30, 9, 16);
  auto A = lp::tiled(a, 16);
  lp::run(lp::threads{2}, lp::algorithm::qr_flat<double>, A, F);
  Matrix<double> r = a.topRows(30).triangularView<Eigen::Upper>();
  CHECK(residual<double>(eigen(f.r()), r) < threshold);
}

TEST_CASE("the orthogonal fronts say which shapes they need", "[algorithm]") {
  const TiledMatrix<double> flat_tiles(9, 8, 4, 2), A(9, 8, 4), wide(3, 9, 4), zeros(6, 4, 2);
  CHECK(sentence_of([&] { lp::qr(flat_tiles); }) ==
        "qr: A is 9 x 8 in tiles of 4 x 2, but it needs square tiles, or one column of tiles that "
        "are at least as high as A is wide; cut rows and columns alike");
  CHECK(sentence_of([&] {
          lp::qr(A, {QrTree::flat, 0});
        }) == "qr: the domain is 0, but a flat tree is over 1 tile at least; pass 4, for example");
  CHECK(sentence_of([&] { lp::tsqr(A); }) ==
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
  CHECK(sentence_of([&] { lp::qr(A).apply_q(C); }) == expected("apply_q", "C", "3 x 9", "rows"));
  CHECK(sentence_of([&] { lp::qr(A).apply_q_adjoint(C); }) ==
        expected("apply_q_adjoint", "C", "3 x 9", "rows"));
  CHECK(sentence_of([&] { lp::qr(A).apply_q(D, lp::Side::right); }) ==
        expected("apply_q", "C", "9 x 3", "columns"));
  CHECK(sentence_of([&] { lp::least_squares(A, wide); }) ==
        expected("least_squares", "B", "3 x 9", "rows"));
  TiledMatrix<double> square(4, 4, 4), no_inner_block(1, 4, 1, 4);
  CHECK_THAT(sentence_of([&] {
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
      Matrix<double> a = random<double>(13, 8);
      a.col(column).setZero();
      if (column == 4) a.col(7).setZero();
      if (wide) a.transposeInPlace();
      const Matrix<double> b = random<double>(a.rows(), 2);
      try {
        lp::least_squares(tiled<double>(a, 3), tiled<double>(b, 3));
        FAIL("no error");
      } catch (const lp::factorization_error& error) {
        CHECK(error.info() == column + 1);
        CHECK_THAT(
            error.what(),
            Catch::Contains("lambdapack: least_squares: A has not full rank: R has a zero "
                            "on its diagonal in row " +
                            std::to_string(column + 1) + ", counted from 1 (info of ?gels)"));
      }
    }
}

TEMPLATE_TEST_CASE("Q from the right: C Q and C Q^H, for each tree", "[algorithm]", SCALARS) {
  using T = TestType;
  const auto check_right = [](const auto& f, std::int64_t rows, std::int64_t tile) {
    auto identity = tiled<T>(Matrix<T>::Identity(rows, rows), tile);
    f.apply_q(identity, {}, lp::threads{2});
    const Matrix<T> q = eigen(identity), c = random<T>(17, rows);
    auto C = TiledMatrix<T>::from(c.data(), 17, rows, 17, 5, tile);
    f.apply_q(C, lp::Side::right, lp::threads{2});
    CHECK(residual<T>(c * q, eigen(C)) < threshold);
    f.apply_q_adjoint(C, lp::Side::right, lp::sequential{});
    CHECK(residual<T>(c, eigen(C)) < threshold);
  };
  for (const Shape s : {Shape{48, 48, 16}, Shape{60, 24, 12}, Shape{24, 60, 12}, Shape{67, 41, 16},
                        Shape{9, 9, 16}, Shape{5, 0, 4}}) {
    CAPTURE(s.rows, s.cols, s.tile);
    check_right(lp::qr(tiled<T>(random<T>(s.rows, s.cols), s.tile), {QrTree::flat}), s.rows,
                s.tile);
  }
  check_right(lp::tsqr(tiled<T>(random<T>(211, 7), 20), {QrTree::flat_trees, 3}), 211, 20);
  check_right(lp::qr(tiled<T>(random<T>(67, 41), 16), {QrTree::flat_trees, 2}), 67, 16);
}

TEMPLATE_TEST_CASE("the orthogonal fronts take and fill files", "[algorithm]", double,
                   std::complex<float>) {
  using T = TestType;
  const test_support::Folder folder;
  const Matrix<T> a = random<T>(50, 30), b = random<T>(50, 3);
  const auto A = tiled<T>(a, 16), B = TiledMatrix<T>::from(b.data(), 50, 3, 50, 16, 2);
  const auto f = lp::qr(A);
  auto C = B;
  f.apply_q_adjoint(C);
  const auto with = [&](const auto& file_a, auto file_b, const auto& again) {
    const auto g = lp::qr(file_a);
    CHECK(eigen(g.r()) == eigen(f.r()));
    CHECK(g.apply_q_adjoint(file_b).tasks > 0);
    CHECK(eigen(again()) == eigen(C));
    g.apply_q(file_b, lp::Side::left, lp::sequential{});
    CHECK(residual<T>(b, eigen(again())) < threshold);
    CHECK(residual<T>(eigen(lp::least_squares(A, B)), eigen(lp::least_squares(file_a, file_b))) <
          1000);
    CHECK(lp::singular_values(file_a) == lp::singular_values(A));
    CHECK(eigen(lp::svd(file_a).u) == eigen(lp::svd(A).u));
  };
  const std::string npy_a = folder.file("a.npy"), npy_b = folder.file("b.npy");
  lp::write_npy(npy_a, A);
  lp::write_npy(npy_b, B);
  with(lp::npy<T>(npy_a, 16), lp::npy<T>(npy_b, 16, 2), [&] { return lp::read_npy<T>(npy_b, 16); });
  const std::string zarr_a = folder.file("a.zarr"), zarr_b = folder.file("b.zarr");
  lp::write_zarr(zarr_a, A, {.zstd = 3});
  lp::write_zarr(zarr_b, B);
  with(lp::zarr<T>(zarr_a), lp::zarr<T>(zarr_b), [&] { return lp::read_zarr<T>(zarr_b); });
  const auto tall = tiled<T>(random<T>(90, 6), 10);
  lp::write_zarr(zarr_a, tall);
  CHECK(eigen(lp::tsqr(lp::zarr<T>(zarr_a)).r()) == eigen(lp::tsqr(tall).r()));
  Matrix<T> c = b;
  f.apply_q_adjoint(lp::tiled(c, 16));
  CHECK(c == eigen(C));
}

TEST_CASE("the orthogonal fronts give the reports of their runs", "[algorithm]") {
  const auto A = tiled<double>(random<double>(50, 30), 16);
  const auto f = lp::qr(A, {}, lp::threads{1});
  CHECK(f.report().tasks == 11);
  CHECK(f.report().workers == 1);
  const auto d = lp::svd(A, lp::sequential{});
  REQUIRE(d.reports.size() > 3);
  for (const auto& report : d.reports) CHECK(report.program != nullptr);
}
